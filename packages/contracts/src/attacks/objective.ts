import { Type, type Static } from 'typebox';
import type { AttackChoice } from './attack-choice.js';

/** The losses that an attack can climb. */
export const attackLosses = ['cross-entropy', 'margin', 'dlr'] as const;

/** What the losses are, for the description of a parameter. */
export const LOSS_DESCRIPTION =
  'The loss that is climbed: `cross-entropy` of softmax(logits / temperature); `margin`, the largest other logit minus the own one, whose gradient never vanishes; or `dlr`, the difference of logits ratio: the margin over the largest minus the third largest logit (with two classes, the margin itself; aimed at a class, the targeted ratio of the same paper).';

/** What an attack climbs. */
export const AttackLoss = Type.Enum(attackLosses, { default: 'cross-entropy', description: LOSS_DESCRIPTION });
export type AttackLoss = Static<typeof AttackLoss>;

/** What the logits are divided by before a softmax; the lab knows numbers only. */
export const LogitTemperature = Type.Union(
  [Type.Number({ exclusiveMinimum: 0, maximum: 10000 }), Type.Literal('training')],
  {
    default: 1,
    description:
      "What the deployed logits are divided by before the softmax: a number above 0, or `training` for the net's training temperature. Only the cross-entropy uses it.",
  },
);
export type LogitTemperature = Static<typeof LogitTemperature>;

/** The parameters of an attack once its temperature is a number. */
export type AtNumericTemperature<P> = P extends { temperature: LogitTemperature }
  ? Omit<P, 'temperature'> & { temperature: number }
  : P;

/**
 * The parameters with `training` replaced by the temperature at which the attacked net was trained, those of an
 * ensemble's members too.
 *
 * @param parameters of any attack; where they have no temperature, or have a number, they come back as they are
 * @param trainingTemperature of the attacked net, above 0
 */
export function resolveTemperature<P extends object>(parameters: P, trainingTemperature: number): P {
  if ('attacks' in parameters) {
    const attacks = (parameters.attacks as AttackChoice[]).map((member) => ({
      ...member,
      parameters: resolveTemperature(member.parameters, trainingTemperature),
    }));
    return { ...parameters, attacks };
  }
  if (!('temperature' in parameters) || parameters.temperature !== 'training') return parameters;
  return { ...parameters, temperature: trainingTemperature };
}
