import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Architecture } from '@retort/contracts';
import { startEngine, type EngineDescription } from '@retort/engine';
import type { Conditions } from '../part.js';
import type { Failure, Outcome } from './comparison.js';
import { comparisons } from './comparisons.js';
import { measure } from './measurement.js';
import { subjects } from './nets.js';
import { Peers } from './peers.js';
import { attackWithRetort } from './retort.js';
import { line, type Row } from './table.js';

/** What is compared. */
export interface ParityOptions {
  readonly architecture: Architecture;
  readonly examples: number;
  /** Keeps the comparisons whose name, net or measure holds every one of these words. */
  readonly only: readonly string[];
}

/** What was found. */
export interface Parity {
  readonly architecture: Architecture;
  readonly engine: EngineDescription;
  readonly nets: readonly { readonly name: string; readonly testAccuracy: number }[];
  /** In the order of the comparisons, ours first in each. */
  readonly rows: readonly Row[];
}

/**
 * Attacks the same nets and images with Retort and with the peers, on one thread each.
 *
 * @returns what each reached, which `parity/<architecture>.json` in the folder holds too
 * @throws RangeError where no comparison holds the words
 */
export async function compareWithPeers(
  { architecture, examples, only }: ParityOptions,
  { peers: environment, folder, say }: Pick<Conditions, 'peers' | 'folder' | 'say'>,
): Promise<Parity & { file: string }> {
  const chosen = comparisons.filter(({ name, net, measure }) =>
    only.every((word) => `${name} ${net} ${measure}`.toLowerCase().includes(word.toLowerCase())),
  );
  if (chosen.length === 0) throw new RangeError(`no comparison holds ${only.join(' and ')}`);
  const { description } = await startEngine({ force: process.env.RETORT_ENGINE || 'wasm' });
  const home = join(folder, 'parity');
  const nets = await subjects(architecture, [...new Set(chosen.map(({ net }) => net))], examples, home);
  for (const { name, testAccuracy } of nets) {
    say(`${architecture} ${name}: ${(100 * testAccuracy).toFixed(2)} % of the test images right`);
  }

  const rows: Row[] = [];
  const peers = environment && (await Peers.start(nets, { environment, folder: join(home, 'exchange'), threads: 1 }));
  try {
    for (const comparison of chosen) {
      const subject = nets.find(({ name }) => name === comparison.net)!;
      const keep = (library: Row['library'], attack: string, outcome: Outcome | Failure) => {
        rows.push({ comparison, library, attack, measurement: measure(comparison, subject, outcome) });
        say(line(rows.at(-1)!));
      };
      keep('retort', comparison.ours.attack, await attackWithRetort(comparison, subject));
      for (const peer of peers ? comparison.peers : []) {
        keep(peer.library, peer.attack, await peers!.attack(comparison, peer, examples));
      }
    }
  } finally {
    await peers?.close();
  }

  await mkdir(home, { recursive: true });
  const file = join(home, `${architecture}.json`);
  const accuracies = nets.map(({ name, testAccuracy }) => ({ name, testAccuracy }));
  const found = { architecture, engine: description, nets: accuracies, rows };
  await writeFile(file, JSON.stringify(found, null, 2));
  return { ...found, file };
}
