import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { architectures } from '@retort/lab';
import type { Comparison, Failure, Outcome, PeerAttack, Run } from './comparison.js';
import type { Subject } from './nets.js';

/** Where the peers are. */
export interface PeerEnvironment {
  /** The Python interpreter, with torch, numpy and scipy. */
  readonly python: string;
  /** A folder of clones of the libraries' repositories; absent where the interpreter has them installed. */
  readonly clones: string | undefined;
}

/** What to set where there are no peers. */
export const PEERS_HELP = `Set RETORT_PEERS_PYTHON to a Python interpreter that has torch, numpy and scipy, and RETORT_PEERS_PATH to a
folder with clones of the peers' repositories (bethgelab/foolbox, jonasrauber/eagerpy, Harry24k/adversarial-attacks-pytorch,
fra31/auto-attack, jeromerony/adversarial-library), or leave it out where that Python has them installed.`;

/** The environment that the variables name, or undefined where they name none. */
export function peerEnvironment(variables: NodeJS.ProcessEnv): PeerEnvironment | undefined {
  const { RETORT_PEERS_PYTHON: python, RETORT_PEERS_PATH: clones } = variables;
  if (python === undefined || python === '') return undefined;
  for (const [name, path] of Object.entries({ RETORT_PEERS_PYTHON: python, RETORT_PEERS_PATH: clones })) {
    if (path !== undefined && !existsSync(path))
      throw new Error(`${name} is ${path}, which does not exist. ${PEERS_HELP}`);
  }
  return { python, clones };
}

/** A line that peers.py prints. */
type Answer = { readonly id: string } & (Failure | (Omit<Outcome, 'adversarial'> & { readonly error?: undefined }));

/**
 * Attacks every example of each comparison's net with its peers, one after the other in one process with one thread.
 *
 * @param folder gets what is exported for them, and their images
 * @param onRun is told of each run at its end
 */
export async function attackWithPeers(
  comparisons: readonly Comparison[],
  subjects: readonly Subject[],
  { environment, folder, onRun }: { environment: PeerEnvironment; folder: string; onRun: (run: Run) => void },
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const runs = comparisons.flatMap((comparison) => comparison.peers.map((peer) => ({ comparison, peer })));
  const request = join(folder, 'request.json');
  const nets: Record<string, unknown> = {};
  for (const subject of subjects) nets[subject.name] = await exported(subject, folder);
  const requests = runs.map(({ comparison, peer }, at) => requested(comparison, peer, `${at}`));
  await writeFile(request, JSON.stringify({ nets, runs: requests }));
  for await (const answer of ask(environment, request, folder)) {
    const { comparison, peer } = runs[Number(answer.id)]!;
    onRun({ comparison, library: peer.library, attack: peer.attack, outcome: await outcomeOf(answer, folder) });
  }
}

function requested({ net, radius }: Comparison, { library, attack, parameters }: PeerAttack, id: string) {
  return { id, net, library, attack, parameters, radius: radius ?? null };
}

/** Writes what peers.py needs of a net. */
async function exported(subject: Subject, folder: string) {
  const { name, net, weights, images, logits, labels } = subject;
  const architecture = Object.values(architectures).find((each) => each.name === net.architecture)!;
  const files = { images: join(folder, `${name}-images.f32`), logits: join(folder, `${name}-logits.f32`) };
  await writeFile(files.images, new Uint8Array(images.buffer, images.byteOffset, images.byteLength));
  await writeFile(files.logits, new Uint8Array(logits.buffer, logits.byteOffset, logits.byteLength));
  return { layers: architecture.layers, input_shape: net.inputShape, weights, ...files, labels };
}

async function* ask({ python, clones }: PeerEnvironment, request: string, folder: string): AsyncGenerator<Answer> {
  const script = fileURLToPath(new URL('../peers.py', import.meta.url));
  const roots = clones === undefined ? [] : readdirSync(clones).map((name) => join(clones, name));
  const child = spawn(python, [script, request, folder], {
    env: { ...process.env, PYTHONPATH: roots.join(delimiter), OMP_NUM_THREADS: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve, reject) => child.on('error', reject).on('exit', resolve));
  for await (const line of createInterface({ input: child.stdout })) yield JSON.parse(line) as Answer;
  const code = await ended;
  if (code !== 0) throw new Error(`${python} ${script} ended with ${code}; its own message is above`);
}

async function outcomeOf(answer: Answer, folder: string): Promise<Outcome | Failure> {
  if (answer.error !== undefined) return { error: answer.error };
  const bytes = await readFile(join(folder, `${answer.id}.f32`));
  const adversarial = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  return { ...answer, adversarial };
}
