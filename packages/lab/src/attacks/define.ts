import {
  attackParameters,
  check,
  type AtNumericTemperature,
  type AttackName,
  type AttackParameters,
} from '@retort/contracts';
import { predictLabels } from '../predict.js';
import type { Attack, AttackContext, AttackMethod, AttackOutcome } from './attack.js';
import { examplesOf, isFooled, type Example } from './example.js';
import { Victim } from './victim.js';

/** An attack from its method: checks what is given, runs the method batch by batch, and judges the images it leaves. */
export function defineAttack<Name extends AttackName>(method: AttackMethod<Name>): Attack<AttackParameters[Name]> {
  return {
    name: method.name,
    paper: method.paper,
    async run(context, given) {
      const parameters = checkParameters(method.name, given);
      const { classifier, batchSize = 128, signal, onProgress } = context;
      const examples = examplesOf(context, method.name, method.targetOffset?.(parameters) ?? 0);
      const victim = new Victim(classifier, batchSize, signal);
      for (let first = 0; first < examples.length; first += batchSize) {
        const batch = examples.slice(first, first + batchSize);
        await method.perturb(victim, batch, parameters);
        onProgress?.(first + batch.length, examples.length);
      }
      return judge(context, examples);
    },
  };
}

/** A success is what a forward pass over the final float32 pixels says, whatever the method saw on its way. */
export async function judge(
  { classifier, images, batchSize, signal }: AttackContext,
  examples: readonly Example[],
): Promise<AttackOutcome> {
  const adversarial = new Float32Array(images.length);
  examples.forEach(({ image }, at) => adversarial.set(image, at * image.length));
  const predicted = Array.from(await predictLabels(classifier, adversarial, examples.length, batchSize, signal));
  return {
    adversarial,
    predicted,
    success: examples.map((example, at) => isFooled(example, predicted[at]!)),
    noGradient: examples.map(({ led }) => led === false),
    gradients: examples.map(({ gradients }) => gradients),
    forwards: examples.map(({ forwards }) => forwards),
  };
}

type Numeric<Name extends AttackName> = AttackParameters[Name] & AtNumericTemperature<AttackParameters[Name]>;

/**
 * The parameters of an attack with the defaults of those left out.
 *
 * @throws RangeError for what its schema refuses, and for a temperature that is no number yet
 */
export function checkParameters<Name extends AttackName>(
  name: Name,
  given: Partial<AttackParameters[Name]>,
): Numeric<Name> {
  const checked = check(attackParameters[name], given);
  if (!checked.ok) {
    const problems = checked.problems.map(({ pointer, message, remedy }) => `${pointer} ${message}: ${remedy}`);
    throw new RangeError(`the parameters of ${name} are wrong: ${problems.join('; ')}`);
  }
  const parameters = checked.value as Numeric<Name>;
  if ((parameters as { temperature?: unknown }).temperature === 'training') {
    throw new RangeError(`the temperature of ${name} must be a number here: resolve \`training\` before`);
  }
  return parameters;
}
