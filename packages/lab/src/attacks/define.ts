import {
  attackParameters,
  check,
  type AtNumericTemperature,
  type AttackName,
  type AttackParameters,
} from '@retort/contracts';
import { BatchSize } from '../batch-size.js';
import type { Classifier } from '../classifier.js';
import { concatenated, rows } from '../gradients/rows.js';
import { largestLogits, predictLogits } from '../predict.js';
import { softmaxAt } from '../training/softmax.js';
import type { Attack, AttackContext, AttackMethod, AttackOutcome } from './attack.js';
import { startOrResume } from './checkpoint.js';
import { assertContext, examplesOf, isFooled, type Example } from './example.js';
import { emptyPage, Journal, type Page } from './journal.js';
import { Victim } from './victim.js';

/** What is left of an example once its batch is done. */
type Finished = Pick<Example, 'label' | 'target' | 'image' | 'gradients' | 'forwards' | 'led'>;

/** How far an attack has come: all that a checkpoint of it holds. */
interface Standing {
  readonly finished: Finished[];
  /** The batch under attack, and what its method has written down. */
  batch: { readonly examples: readonly Example[]; readonly page: Page } | undefined;
}

/** An attack from its method: checks what is given, runs the method batch by batch, and judges the images it leaves. */
export function defineAttack<Name extends AttackName>(method: AttackMethod<Name>): Attack<AttackParameters[Name]> {
  const { name, paper } = method;
  return {
    name,
    paper,
    async run(context, given) {
      const parameters = checkParameters(name, given);
      const targetOffset = method.targetOffset?.(parameters) ?? 0;
      assertContext(context, targetOffset);
      const { classifier, labels, signal, confidence, onProgress } = context;
      const batchSize = BatchSize.of(context.batchSize, 128);
      const { state, offer } = startOrResume(name, parameters, context, (): Standing => ({
        finished: [],
        batch: undefined,
      }));
      const offerState = () => offer(() => state);
      const victim = new Victim(classifier, batchSize, { signal, confidence });
      const { finished } = state;
      while (finished.length < labels.length) {
        const range = [finished.length, finished.length + batchSize.size] as const;
        state.batch ??= { examples: examplesOf(context, name, targetOffset, range), page: emptyPage() };
        const { examples, page } = state.batch;
        try {
          await method.perturb(victim, examples, parameters, new Journal(page, offerState));
        } catch (error) {
          batchSize.halve(Math.max(examples.length, batchSize.size), error);
          state.batch = undefined;
          continue;
        }
        finished.push(...examples.map(whatIsLeft));
        state.batch = undefined;
        onProgress?.(finished.length, labels.length);
        await offerState();
      }
      return judge({ ...context, batchSize }, finished);
    },
  };
}

function whatIsLeft({ label, target, image, gradients, forwards, led }: Example): Finished {
  return { label, target, image, gradients, forwards, led };
}

/** A success is what a forward pass over the final float32 pixels says, whatever the method saw on its way. */
export async function judge(context: AttackContext, examples: readonly Finished[]): Promise<AttackOutcome> {
  const { classifier, transferTo, batchSize, signal } = context;
  const adversarial = concatenated(examples.map(({ image }) => image));
  const askedOf = async (judging: Classifier) => {
    const logits = await predictLogits(judging, adversarial, examples.length, batchSize, signal);
    const predicted = Array.from(largestLogits(logits, judging.classes));
    const probabilities = rows(softmaxAt(logits, judging.classes, 1), judging.classes);
    return {
      predicted,
      confidence: predicted.map((label, at) => probabilities[at]![label]!),
      success: examples.map((example, at) => isFooled(example, predicted[at]!, judging.rejection)),
    };
  };
  return {
    adversarial,
    ...(await askedOf(transferTo ?? classifier)),
    ...(transferTo && { sourceSuccess: (await askedOf(classifier)).success }),
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
