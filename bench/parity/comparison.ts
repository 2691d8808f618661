import type { AttackName } from '@retort/contracts';

/** The libraries that are measured beside Retort. */
export type Library = 'foolbox' | 'torchattacks' | 'autoattack' | 'adv_lib';

/** One attack of a peer, by its public name there. */
export interface PeerAttack {
  readonly library: Library;
  /** The name of its class or function. */
  readonly attack: string;
  /** Passed by name; the string `inf` stands for infinity, which JSON lacks. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** What is measured in pixel units, 0 to 1. */
export type Measure = 'linf' | 'l2' | 'l1' | 'l0';

/** An attack of ours and what peers have of the same kind and budget, on one net. */
export interface Comparison {
  readonly name: string;
  readonly net: NetName;
  /** How a perturbation is measured. */
  readonly measure: Measure;
  /** A success outside this radius is none; absent where the perturbation is to be as small as possible. */
  readonly radius?: number;
  /** How far the target lies behind the label; absent where any other class will do. */
  readonly targetOffset?: number;
  readonly ours: { readonly attack: AttackName; readonly parameters: Readonly<Record<string, unknown>> };
  readonly peers: readonly PeerAttack[];
}

/** The nets: an ordinary one, and one whose cross-entropy hides its gradient. */
export type NetName = 'standard' | 'temperature-20';

/** What the numbers of a run are made of; every list has one entry an example. */
export interface Outcome {
  /** The attacked images, one after the other. */
  readonly adversarial: Float32Array;
  /** The class of each, from the library's own engine. */
  readonly predicted: readonly number[];
  /** Backward passes a mean example cost. */
  readonly gradients: number;
  /** Forward passes a mean example cost, those of the gradients included. */
  readonly forwards: number;
  readonly seconds: number;
}

/** Why there are no numbers. */
export interface Failure {
  readonly error: string;
}
