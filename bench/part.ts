import type { Architecture, EngineName } from '@retort/contracts';
import type { PeerEnvironment } from './peers/environment.js';

/** What the parts of a run share. */
export interface Conditions {
  /** Fewer repeats of less, for a look: the numbers then scatter more. */
  readonly quick: boolean;
  /** The net that is attacked, trained on MNIST. */
  readonly net: Architecture;
  /** The engines that `engines` measures, against PyTorch on one thread alone; all, against all of PyTorch, where it is empty. */
  readonly engines: readonly EngineName[];
  /** Whether `engines` and `attacks` measure the processor's time in place of the clock's; `attacks` on one thread alone. */
  readonly processorTime: boolean;
  /** How many examples `parity` attacks; as many as it thinks fit where undefined. */
  readonly examples: number | undefined;
  /** Keeps of `parity` the comparisons whose name, net or measure holds every one of these words; of `attacks` those by name. */
  readonly only: readonly string[];
  /** Where PyTorch and the attack libraries are; undefined where no variable names a Python. */
  readonly peers: PeerEnvironment | undefined;
  /** Keeps what one run can take from an earlier one, such as trained nets. */
  readonly folder: string;
  /** Tells whoever watches what has just been measured. */
  readonly say: (text: string) => void;
}

/** What a part found. */
export interface Findings {
  /** For docs/results: tables under headings of the third level, and what is missing. */
  readonly markdown: string;
  /** The same numbers, for a program; README.md describes them. */
  readonly results: unknown;
}

/** One thing that can be measured by its name. */
export interface Part {
  readonly name: string;
  /** What it measures, in a line. */
  readonly about: string;
  /** Whether it belongs to a run in which no part is named. */
  readonly usual: boolean;
  run(conditions: Conditions): Promise<Findings>;
}
