import { ADVERSARIAL_SET, resolveTemperature, type AttackChoice } from '@retort/contracts';

/**
 * What an attack follows: the float32 gradient of the cross-entropy at T = 1, which masking defeats; something that
 * masking does not reach; or neither of the two for certain.
 */
export type Approach = 'naive' | 'masking-proof' | 'other';

export interface ApproachOfAttack {
  readonly approach: Approach;
  /** What the attack follows, to be read after "the same attack with". */
  readonly follows: string;
}

type Parameters = Readonly<Record<string, unknown>>;

/** Parameters that choose what an attack follows; two attacks that differ only in these have the same budget. */
const gradientParameters = new Set(['loss', 'temperature', 'score', 'saliency']);

/** What attacks follow that have no parameter for it. */
const followed: Readonly<Record<string, ApproachOfAttack>> = {
  deepfool: proof('the logits'),
  fab: proof('the logits'),
  fmn: proof('the logit margin'),
  ead: proof('the logit margin'),
  'cw-l2': proof('the logit margin'),
  'cw-l0': proof('the logit margin'),
  'cw-linf': proof('the logit margin'),
  [ADVERSARIAL_SET]: other('whatever made its images elsewhere'),
  'hop-skip-jump': proof('decisions alone, without a gradient'),
  'random-noise': proof('decisions on random noise, without a gradient'),
  'salt-and-pepper': proof('decisions on random noise, without a gradient'),
  autoattack: proof(
    'the cross-entropy, then the difference of logits ratio, the logits, and the margin without a gradient',
  ),
};

/**
 * Tells naive attacks from masking-proof ones.
 *
 * @param attack The attack with its parameters, their defaults filled in; unknown ones are passed over.
 * @param trainingTemperature What `temperature: training` stands for on the attacked net; null where unknown.
 */
export function approachOf({ attack, parameters }: AttackChoice, trainingTemperature: number | null): ApproachOfAttack {
  const resolved: Parameters =
    trainingTemperature === null ? parameters : resolveTemperature(parameters, trainingTemperature);
  if (Array.isArray(resolved.attacks)) return worstOf(resolved.attacks as AttackChoice[], trainingTemperature);
  return followed[attack] ?? byParameters(attack, resolved);
}

/** An ensemble is as proof as the best of its members. */
function worstOf(members: readonly AttackChoice[], trainingTemperature: number | null): ApproachOfAttack {
  const approaches = members.map((member) => approachOf(member, trainingTemperature));
  const follows = `the worst case of ${[...new Set(approaches.map((one) => one.follows))].join('; ')}`;
  const has = (approach: Approach) => approaches.some((one) => one.approach === approach);
  if (has('masking-proof')) return proof(follows);
  return has('other') ? other(follows) : naive(follows);
}

function byParameters(attack: string, { score, saliency, loss, temperature }: Parameters): ApproachOfAttack {
  if (score === 'gradient-exact') return proof('the exact gradient in log space');
  if (saliency === 'logits') return proof('the logits');
  if (loss === 'margin') return proof('the margin loss');
  if (loss === 'dlr') return proof('the difference of logits ratio');
  if (saliency === 'softmax') return atTemperature('the softmax', temperature);
  if (loss !== 'cross-entropy') return other('a gradient that is not known here');
  const follows = atTemperature('the cross-entropy', temperature);
  if (follows.approach !== 'naive') return follows;
  // The float32 cross-entropy underflows together with its gradient, but its differences at other pixels may not.
  if (score === 'finite-difference') return other('finite differences of the float32 cross-entropy');
  if (attack === 'square') return other('values of the float32 cross-entropy, without a gradient');
  return follows;
}

/** What an attack follows whose images are made on another net: that net's gradients, whatever this one's are. */
export function transferFrom(source: string): ApproachOfAttack {
  return other(`images made on ${source}`);
}

/** Whether two attacks are the same algorithm with the same budget, so that only what they follow differs. */
export function sameBudget(one: AttackChoice, another: AttackChoice): boolean {
  return one.attack === another.attack && budgetOf(one.parameters) === budgetOf(another.parameters);
}

function budgetOf(parameters: Parameters): string {
  const budget = Object.entries(parameters).filter(([name]) => !gradientParameters.has(name));
  return JSON.stringify(budget.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function atTemperature(what: string, temperature: unknown): ApproachOfAttack {
  if (typeof temperature !== 'number') return other(`${what} at an unknown temperature`);
  const follows = `${what} at T=${temperature}`;
  return temperature > 1 ? proof(follows) : naive(follows);
}

function naive(follows: string): ApproachOfAttack {
  return { approach: 'naive', follows };
}

function proof(follows: string): ApproachOfAttack {
  return { approach: 'masking-proof', follows };
}

function other(follows: string): ApproachOfAttack {
  return { approach: 'other', follows };
}
