import '@tensorflow/tfjs';
import { memory, setBackend, softmax, tidy, type Tensor2D } from '@tensorflow/tfjs-core';
import { deserialize, serialize } from 'node:v8';
import { beforeAll, describe, expect, it } from 'vitest';
import { formulaImages, formulaNet, labelsOf } from '../attacks/testing/classifiers.js';
import { deployAt, type Classifier } from '../classifier.js';
import { mergeBlows, type BlowRecord } from './blows.js';
import { evaluate, evaluatePart, type EvaluateOptions, type EvaluationCheckpoint } from './evaluate.js';

beforeAll(() => setBackend('cpu'));

const net = formulaNet({ inputShape: [4], classes: 3 });
const images = formulaImages(12, net);
/** One of them is misclassified, so that places among the examples are not places among those attacked. */
const labels = labelsOf(net, images).map((label, at) => (at === 2 ? (label + 1) % 3 : label));
const indices = labels.map((_, at) => 7 * at + 3);

/** Whose probabilities saturate, so that gradients are of no use and decisions are attacked. */
const saturated: Classifier = {
  ...net,
  logits: (batch) => tidy(() => softmax<Tensor2D>(deployAt(net, 0.001).logits(batch))),
};
const nets: [string, Classifier][] = [
  ['an ordinary net', net],
  ['a net that hides its gradient', deployAt(net, 0.001)],
  ['a net of saturated probabilities', saturated],
];

function optionsOf(classifier: Classifier, changes: Partial<EvaluateOptions> = {}): EvaluateOptions {
  return {
    ...{ classifier, images, labels, indices, seed: 1, trainingTemperature: 1, batchSize: 5 },
    surrogates: [{ name: 'other', classifier: formulaNet({ inputShape: [4], classes: 3, hidden: 5 }) }],
    parameters: { epsilon: 0.08, effort: 'quick' },
    ...changes,
  };
}

/** As bytes, which share nothing with what they were made of. */
function copyOf<T>(value: T): T {
  return deserialize(serialize(value)) as T;
}

describe.each(nets)('an evaluation of %s', (_, classifier) => {
  it.each([1, 5, 12])('comes to the same in parts of %d', async (size) => {
    const whole = await evaluate(optionsOf(classifier));
    const tensors = memory().numTensors;
    const parts: BlowRecord[] = [];
    for (let from = 0; from < labels.length; from += size) {
      parts.push(copyOf(await evaluatePart(optionsOf(classifier), [from, Math.min(from + size, labels.length)])));
    }
    expect(await evaluate(optionsOf(classifier, { resume: { blows: mergeBlows(parts) } }))).toEqual(whole);
    // A part that is lost is made up for.
    expect(await evaluate(optionsOf(classifier, { resume: { blows: mergeBlows(parts.slice(1)) } }))).toEqual(whole);
    expect(memory().numTensors).toBe(tensors);
  });

  it('ends the same when it is killed again and again, and does no more than what lies between two checkpoints twice', async () => {
    let passes = 0;
    const counting: Classifier = { ...classifier, logits: (batch) => (passes++, classifier.logits(batch)) };
    const whole = await evaluate(optionsOf(counting));
    const undisturbed = passes;
    let last: EvaluationCheckpoint | undefined;
    let kills = 0;
    for (;;) {
      let offered = 0;
      const onCheckpoint = (take: () => EvaluationCheckpoint) => {
        if (++offered < 60) return;
        last = copyOf(take());
        throw new Error('killed');
      };
      const ended = await evaluate(optionsOf(counting, { resume: last && copyOf(last), onCheckpoint })).catch(
        (error: Error) => {
          if (error.message !== 'killed') throw error;
          return undefined;
        },
      );
      if (ended) {
        expect(ended).toEqual(whole);
        break;
      }
      kills++;
    }
    expect(kills).toBeGreaterThan(3);
    // Of every attempt anew: the survey and the gradients of all images.
    expect(passes).toBeLessThan(2 * undisturbed + 20 * kills);
  });
});

it('refuses to go on from a checkpoint of another evaluation', async () => {
  let last: EvaluationCheckpoint | undefined;
  const onCheckpoint = (take: () => EvaluationCheckpoint) => {
    last = take();
    throw new Error('killed');
  };
  await expect(evaluate(optionsOf(net, { onCheckpoint }))).rejects.toThrow('killed');
  await expect(evaluate(optionsOf(net, { seed: 2, resume: last }))).rejects.toThrow('checkpoint is of another attack');
});
