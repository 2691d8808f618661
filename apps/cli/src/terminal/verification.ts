import type { components } from '@retort/client';

type Verification = components['schemas']['Verification'];
type Maker = Verification['made_by']['again'];

/** What a verification found, in lines: who computed, what differs, each artifact, and what follows. */
export function describeVerification(verification: Verification): string[] {
  const { made_by, differences, provenance, artifacts, original_id: original, job_id: again } = verification;
  const lines = [
    `${original} was made by ${makerText(made_by.original)}`,
    `${again} was made by ${makerText(made_by.again)}`,
  ];
  if (differences) {
    lines.push(
      differences.length === 0 ? 'result: equal to the last bit' : `result: differs in ${count(differences.length)}`,
    );
    lines.push(...differences.map(differenceText));
    lines.push(...artifacts.map(artifactText));
    if (provenance?.length) lines.push('told apart, and no part of the result:', ...provenance.map(differenceText));
  }
  return [...lines, `\n${conclusion(verification)}`];
}

function conclusion({ outcome, original_id: original, reason, detail, made_by }: Verification): string {
  switch (outcome) {
    case 'equal':
      return `EQUAL: ${original} was computed again, with the same result and the same artifacts`;
    case 'differs':
      return made_by.original?.engine === made_by.again?.engine
        ? `DIFFERS: ${original} did not come out the same`
        : `DIFFERS: ${original} did not come out the same; another engine computed it, and engines differ in the last bits`;
    case 'failed':
      return `COULD NOT VERIFY: ${original} could not be computed again (${reason}): ${detail}`;
    case 'pending':
      return `COULD NOT VERIFY: ${original} is still being computed again`;
  }
}

function makerText(maker: Maker): string {
  if (!maker) return 'nothing: it has no result';
  const versions = Object.entries(maker.versions).map(([name, version]) => `${name} ${version}`);
  return `${maker.engine} on ${maker.device} (${versions.join(', ')}), ${maker.code_version}`;
}

function artifactText({ name, original, again, stored, equal }: Verification['artifacts'][number]): string {
  if (equal) return `artifact ${name}: equal, ${original}`;
  if (original !== again) return `artifact ${name}: DIFFERS, ${original ?? 'none'} before, ${again ?? 'none'} now`;
  const found = stored === 'absent' ? 'had it no more' : 'had other bytes under its hash';
  return `artifact ${name}: computed as ${original} again, but the store ${found.toUpperCase()}`;
}

function differenceText({ pointer, original, again }: { pointer: string; original: unknown; again: unknown }): string {
  return `  ${pointer}: ${show(original)} before, ${show(again)} now`;
}

function count(places: number): string {
  return places === 1 ? 'one place' : places === 100 ? 'a hundred places or more' : `${places} places`;
}

function show(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
