import {
  add,
  clone,
  keep,
  log,
  matMul,
  randomUniform,
  reshape,
  softmax,
  sub,
  sum,
  tensor2d,
  tidy,
  tile,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { startEngine } from '@retort/engine';
import type { Classifier } from '@retort/lab';
import { beforeAll, expect, it } from 'vitest';
import { ImportError } from './import-error.js';
import { tryClassifier } from './try-classifier.js';

beforeAll(() => startEngine({ force: 'wasm' }));

const linear = (batch: Tensor): Tensor2D =>
  matMul(reshape(batch, [batch.shape[0], 4]), tensor2d([1, -1, 2, -2, 3, -3, 4, -4], [4, 2]));

const classifier = (logits: Classifier['logits']): Classifier => ({
  inputShape: [2, 2, 1],
  classes: 2,
  logits: (batch) => tidy(() => logits(batch)),
});

it('lets a classifier pass', async () => {
  await expect(tryClassifier(classifier(linear), linear)).resolves.toBeUndefined();
});

it.each<[string, Classifier['logits'], string]>([
  [
    'draws random numbers',
    (batch) => add<Tensor2D>(linear(batch), randomUniform([batch.shape[0], 2])),
    'other logits alone',
  ],
  ['looks at the whole batch', (batch) => sub<Tensor2D>(linear(batch), sum(batch)), 'other logits alone'],
  ['gives what is no number', (batch) => log(sub<Tensor2D>(linear(batch), 3)), 'logits of a trial image holds NaN'],
  [
    'does not depend on its input',
    (batch) => tile(tensor2d([1, 2], [1, 2]), [batch.shape[0], 1]),
    'Cannot compute gradient',
  ],
  ['keeps what it makes', (batch) => clone(keep(linear(batch))), 'tensors behind'],
])('refuses one that %s', async (_, logits, says) => {
  await expect(tryClassifier(classifier(logits), undefined)).rejects.toThrow(ImportError);
  await expect(tryClassifier(classifier(logits), undefined)).rejects.toThrow(says);
});

it('refuses probabilities, and says why', async () => {
  const probabilities = (batch: Tensor): Tensor => softmax(linear(batch));
  await expect(tryClassifier(classifier(linear), probabilities)).rejects.toThrow(
    'the net would look robust without being so',
  );
});
