import '@tensorflow/tfjs';
import {
  cast,
  div,
  grad,
  logSoftmax,
  memory,
  mul,
  neg,
  oneHot,
  setBackend,
  sum,
  tensor1d,
  tensor2d,
  tidy,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { centralDifferences } from '../attacks/testing/classifiers.js';
import { crossEntropy } from './cross-entropy.js';
import { targetedDlr } from './dlr.js';
import { lossNamed, type Loss } from './loss.js';

beforeAll(async () => {
  await setBackend('cpu');
});

const logits = [
  [1.5, -0.3, 0.8, 2.2, -1],
  [0.1, 0.4, -0.2, 0.05, 0.3],
  [-3, 4, 1, 0.5, 3.7],
];
const labels = [3, 0, 2];

function values(loss: Loss, rows: number[][], of: number[]): number[] {
  return tidy(() => Array.from(loss(tensor2d(rows), tensor1d(of, 'int32')).dataSync()));
}

function gradients(loss: Loss, rows: number[][], of: number[]): number[][] {
  return tidy(() => {
    const gradient = grad((z) => sum(loss(z as Tensor2D, tensor1d(of, 'int32'))))(tensor2d(rows)) as Tensor2D;
    return gradient.arraySync();
  });
}

function crossEntropy64(row: readonly number[], label: number, temperature: number): number {
  const scaled = row.map((logit) => logit / temperature);
  return Math.log(scaled.reduce((total, logit) => total + Math.exp(logit), 0)) - scaled[label]!;
}

function margin64(row: readonly number[], label: number): number {
  return Math.max(...row.filter((_, other) => other !== label)) - row[label]!;
}

/** The rank of the logits alone: the largest, the second largest and so on. */
function sorted(row: readonly number[]): number[] {
  return [...row].sort((a, b) => b - a);
}

function dlr64(row: readonly number[], label: number): number {
  const ranked = sorted(row);
  return margin64(row, label) / (ranked[0]! - ranked[2]!);
}

describe.each([
  ['cross-entropy', 1],
  ['cross-entropy', 20],
  ['cross-entropy', 0.25],
  ['margin', 1],
  ['dlr', 1],
] as const)('the %s loss at T=%d', (name, temperature) => {
  const loss = lossNamed(name, temperature);
  const loss64 = (row: readonly number[], label: number) =>
    ({ 'cross-entropy': crossEntropy64, margin: margin64, dlr: dlr64 })[name](row, label, temperature);

  it('has the value of its definition', () => {
    values(loss, logits, labels).forEach((value, at) => expect(value).toBeCloseTo(loss64(logits[at]!, labels[at]!), 5));
  });

  it('has the gradient that finite differences give in double precision', () => {
    gradients(loss, logits, labels).forEach((row, at) => {
      const expected = centralDifferences((z) => loss64(z, labels[at]!), logits[at]!);
      row.forEach((value, k) => expect(value).toBeCloseTo(expected[k]!, 5));
    });
  });

  it('has the same value of a row alone, where it takes no engine', () => {
    const { ofRow } = loss;
    if (!ofRow) return;
    expect(logits.map((row, at) => ofRow(Float32Array.from(row), labels[at]!))).toEqual(values(loss, logits, labels));
  });

  it('leaves no tensors behind', () => {
    const before = memory().numTensors;
    gradients(loss, logits, labels);
    expect(memory().numTensors).toBe(before);
  });
});

describe('the margin loss', () => {
  const loss = lossNamed('margin', 1);

  it('gives one class alone the gradient where several tie', () => {
    expect(gradients(loss, [[2, 5, 5, 5, 1]], [0])).toEqual([[-1, 1, 0, 0, 0]]);
    expect(gradients(loss, [[5, 5, 1]], [1])).toEqual([[1, -1, 0]]);
    expect(gradients(loss, [[3, 3, 3, 3]], [2])).toEqual([[1, 0, -1, 0]]);
  });

  it('keeps its gradient where that of the cross-entropy is zero', () => {
    expect(gradients(loss, [[500, -500]], [0])).toEqual([[-1, 1]]);
    expect(
      gradients(lossNamed('cross-entropy', 1), [[500, -500]], [0])
        .flat()
        .map(Math.abs),
    ).toEqual([0, 0]);
  });

  it('is above zero exactly where another class wins', () => {
    expect(values(loss, [[1, 2]], [0])[0]).toBe(1);
    expect(values(loss, [[2, 1]], [0])[0]).toBe(-1);
  });
});

describe('the difference of logits ratio', () => {
  const loss = lossNamed('dlr', 1);

  it('changes with neither the scale nor the shift of the logits', () => {
    const moved = logits.map((row) => row.map((logit) => 1000 * logit + 64));
    values(loss, moved, labels).forEach((value, at) => expect(value).toBeCloseTo(values(loss, logits, labels)[at]!, 4));
  });

  it('lies in [-1, 0] while the label wins, and above 0 once another class does', () => {
    expect(values(loss, [[4, 3, 2, 1]], [0])[0]).toBeCloseTo(-0.5, 6);
    expect(values(loss, [[4, 2, 2, 1]], [0])[0]).toBeCloseTo(-1, 6);
    expect(values(loss, [[4, 3, 2, 1]], [3])[0]).toBeCloseTo(1.5, 6);
  });

  it('is the margin where there are two classes', () => {
    expect(values(loss, [[3, 1]], [0])).toEqual([-2]);
    expect(gradients(loss, [[3, 1]], [0])).toEqual([[-1, 1]]);
  });

  it('of three classes has its own gradient', () => {
    const row = [0.3, 1.1, -0.7];
    const expected = centralDifferences((z) => dlr64(z, 1), row);
    gradients(loss, [row], [1])[0]!.forEach((value, k) => expect(value).toBeCloseTo(expected[k]!, 5));
  });

  it('stays finite where all logits tie', () => {
    expect(values(loss, [[2, 2, 2, 2]], [1])).toEqual([0]);
    expect(gradients(loss, [[2, 2, 2, 2]], [1])).toEqual([[1, -1, 0, 0]]);
  });
});

describe('the targeted difference of logits ratio', () => {
  const targets = [2, 4, 1];

  function targeted64(row: readonly number[], label: number, target: number): number {
    const ranked = sorted(row);
    return (row[target]! - row[label]!) / (ranked[0]! - (ranked[2]! + ranked[3]!) / 2);
  }

  it('has the value of its definition', () => {
    values(targetedDlr(targets), logits, labels).forEach((value, at) =>
      expect(value).toBeCloseTo(targeted64(logits[at]!, labels[at]!, targets[at]!), 5),
    );
  });

  it('has the gradient that finite differences give in double precision', () => {
    gradients(targetedDlr(targets), logits, labels).forEach((row, at) => {
      const expected = centralDifferences((z) => targeted64(z, labels[at]!, targets[at]!), logits[at]!);
      row.forEach((value, k) => expect(value).toBeCloseTo(expected[k]!, 5));
    });
  });

  it.each([2, 3])('of %d classes is the difference of the two logits, and so never constant', (classes) => {
    const row = [5, 1, -2].slice(0, classes);
    expect(values(targetedDlr([1]), [row], [0])).toEqual([-4]);
    expect(gradients(targetedDlr([1]), [row], [0])).toEqual([[-1, 1, 0].slice(0, classes)]);
  });

  it('leaves no tensors behind', () => {
    const before = memory().numTensors;
    gradients(targetedDlr(targets), logits, labels);
    expect(memory().numTensors).toBe(before);
  });
});

describe('the float32 cross-entropy', () => {
  it('loses the term of the label before it vanishes: the middle regime of masking', () => {
    const [row] = gradients(crossEntropy(1), [[30, 0, 0]], [0]);
    expect(Math.abs(row![0]!)).toBe(0);
    expect(row![1]).toBeCloseTo(Math.exp(-30), 18);
  });

  it('refuses a temperature that is not a finite number above 0', () => {
    for (const temperature of [0, -1, NaN, Infinity]) expect(() => crossEntropy(temperature)).toThrow('above 0');
  });
});

describe.each([1, 20, 0.25])('the cross-entropy at T=%d', (temperature) => {
  it('has the gradient that TensorFlow.js derives, to the bit, hidden or not', () => {
    const derived: Loss = (z, of) =>
      neg(sum<Tensor1D>(mul(logSoftmax(div(z, temperature)), cast(oneHot(of, z.shape[1]), 'float32')), 1));
    const hiding = [30, -0.3, 120, 0, 4e3].map((lead) => [0.1, -7, 0.25, lead, -lead]);
    const rows = [...logits, ...hiding];
    const of = [...labels, 3, 3, 3, 2, 4];
    expect(gradients(crossEntropy(temperature), rows, of)).toEqual(gradients(derived, rows, of));
    expect(values(crossEntropy(temperature), rows, of)).toEqual(values(derived, rows, of));
  });
});
