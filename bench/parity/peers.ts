import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { architectures } from '@retort/lab';
import type { PeerEnvironment } from '../peers/environment.js';
import { PythonProcess } from '../peers/python-process.js';
import type { Comparison, Failure, Outcome, PeerAttack } from './comparison.js';
import type { Subject } from './nets.js';

/** What peers.py answers to a run. */
type Answer = Failure | (Omit<Outcome, 'adversarial'> & { readonly error?: undefined });

/** A process in which the attacks of the other libraries run on the same nets and images as ours. */
export class Peers {
  #runs = 0;

  private constructor(
    private readonly process: PythonProcess,
    private readonly folder: string,
  ) {}

  /**
   * @param threads how many threads PyTorch gets
   * @param folder gets what is exported for them, and their images
   * @throws Error where PyTorch does not give a net's logits as exported
   */
  static async start(
    subjects: readonly Subject[],
    { environment, folder, threads }: { environment: PeerEnvironment; folder: string; threads: number },
  ): Promise<Peers> {
    await mkdir(folder, { recursive: true });
    const nets: Record<string, unknown> = {};
    for (const subject of subjects) nets[subject.name] = await exported(subject, folder);
    const file = join(folder, 'nets.json');
    await writeFile(file, JSON.stringify(nets));
    const process = new PythonProcess(environment, 'parity/peers.py', [file, folder], { threads });
    await process.answer();
    return new Peers(process, folder);
  }

  /**
   * Attacks the first examples of the comparison's net, all in one batch.
   *
   * @param processorTime whether the seconds are the processor's
   */
  async attack(
    { net, radius }: Pick<Comparison, 'net' | 'radius'>,
    { library, attack, parameters }: PeerAttack,
    examples: number,
    { processorTime = false } = {},
  ): Promise<Outcome | Failure> {
    const id = `${this.#runs++}`;
    const run = {
      id,
      net,
      library,
      attack,
      parameters,
      radius: radius ?? null,
      examples,
      processor_time: processorTime,
    };
    const answer = (await this.process.ask(run)) as Answer;
    if (answer.error !== undefined) return { error: answer.error };
    const bytes = await readFile(join(this.folder, `${id}.f32`));
    const adversarial = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
    return { ...answer, adversarial };
  }

  async close(): Promise<void> {
    await this.process.close();
  }
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
