import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Evaluation, Rate, TrainingSettings } from '@retort/contracts';
import { loadDataset, type Dataset } from '@retort/datasets';
import { startEngine } from '@retort/engine';
import {
  createNet,
  deployAt,
  evaluate,
  softLabels,
  train,
  withInputNoise,
  type Classifier,
  type Evaluated,
  type Net,
} from '@retort/lab';

/** Real MNIST, small nets, the `quick` effort: about a minute on one core. */
const EXAMPLES = 100;

/** Milliseconds a test may take on a machine that does much else. */
const PATIENCE = 600_000;

const settings: TrainingSettings = {
  temperature: 1,
  epochs: 3,
  batch_size: 64,
  optimizer: { name: 'nesterov', momentum: 0.9 },
  learning_rate: { base: 0.1, rule: 'sqrt-temperature', decay_factor: 0.5, decay_every_epochs: 1 },
  dropout: 0,
  weight_decay: 0,
  minimum_accuracy: 0.9,
};

/** A net of the panel, and the ball in which it is evaluated. */
interface Member {
  readonly classifier: () => Classifier;
  readonly temperature: number;
  readonly epsilon: number;
}

let dataset: Dataset;
let standard: Net;
let hot: Net;
let hotter: Net;
let distilled: Net;
let hardened: Net;

const panel = {
  standard: { classifier: () => standard, temperature: 1, epsilon: 0.2 },
  'temperature 20': { classifier: () => hot, temperature: 20, epsilon: 0.2 },
  'temperature 100': { classifier: () => hotter, temperature: 100, epsilon: 0.2 },
  'distilled at 20': { classifier: () => distilled, temperature: 20, epsilon: 0.2 },
  'logits × 100': { classifier: () => deployAt(standard, 0.01), temperature: 1, epsilon: 0.2 },
  'PGD-trained, at its epsilon': { classifier: () => hardened, temperature: 1, epsilon: 0.1 },
  'PGD-trained, far beyond': { classifier: () => hardened, temperature: 1, epsilon: 0.3 },
  'PGD-trained, logits × 100': { classifier: () => deployAt(hardened, 0.01), temperature: 1, epsilon: 0.1 },
  'noise at the input': { classifier: () => withInputNoise(standard, 0.2, 0), temperature: 1, epsilon: 0.2 },
} satisfies Record<string, Member>;

const verdicts = new Map<string, Evaluation>();

beforeAll(async () => {
  await startEngine({ force: 'wasm' });
  dataset = await loadDataset({
    name: 'mnist',
    train: 12000,
    validation: 1000,
    test: 1000,
    split_seed: 0,
    pixel_divisor: 255,
  });
  standard = await trained({});
  hot = await trained({ temperature: 20 });
  hotter = await trained({ temperature: 100 });
  const targets = await softLabels({ teacher: hot, data: dataset.train, temperature: 20 });
  distilled = await trained({ temperature: 20 }, targets);
  const defence = { name: 'pgd', norm: 'linf', epsilon: 0.1, steps: 3, random_start: true, ramp_epochs: 1 } as const;
  hardened = await trained({ defence });
}, PATIENCE);

afterAll(async () => {
  if (process.env.VERDICT_PANEL) await writeFile(process.env.VERDICT_PANEL, table());
});

async function trained(changes: Partial<TrainingSettings>, targets?: Float32Array): Promise<Net> {
  const { train: data, validation } = dataset;
  const net = createNet({
    architecture: 'compact',
    inputShape: data.inputShape,
    classes: data.classes,
    initialisation: { name: 'he-normal', output_scale: 'one' },
    temperature: changes.temperature ?? 1,
    seed: 0,
  });
  await train({ net, data, targets, validation, settings: { ...settings, ...changes }, seed: 0 });
  return net;
}

async function evaluated(name: keyof typeof panel): Promise<Evaluated> {
  const { classifier, temperature, epsilon } = panel[name];
  const { images, labels } = dataset.test;
  const found = await evaluate({
    classifier: classifier(),
    images: images.slice(0, EXAMPLES * 784),
    labels: labels.slice(0, EXAMPLES),
    seed: 0,
    trainingTemperature: temperature,
    surrogates: name === 'standard' ? [] : [{ name: 'standard', classifier: standard }],
    parameters: { epsilon, effort: 'quick' },
  });
  verdicts.set(name, found.evaluation);
  return found;
}

/** The names of the checks that failed. */
function failed({ checks }: Evaluation): string[] {
  return checks.filter(({ status }) => status === 'failed').map(({ name }) => name);
}

describe('the panel', { timeout: PATIENCE }, () => {
  it('says broken of an ordinary net, without a sign of masking', async () => {
    const { evaluation } = await evaluated('standard');
    expect(evaluation).toMatchObject({ verdict: 'broken', masking: false, randomised: false });
    expect(failed(evaluation)).toEqual([]);
  });

  it.each(['temperature 20', 'temperature 100', 'distilled at 20', 'logits × 100'] as const)(
    'says masked of %s, and why',
    async (name) => {
      const { evaluation } = await evaluated(name);
      expect(evaluation).toMatchObject({ verdict: 'masked', masking: true, randomised: false });
      expect(evaluation.naive_robust_accuracy.rate).toBeGreaterThan(0.5);
      expect(evaluation.robust_accuracy.high).toBeLessThan(0.2);
      expect(failed(evaluation)).toEqual(
        expect.arrayContaining(['zero-gradients', 'saturated-probabilities', 'naive-loss', 'black-box']),
      );
      expect(evaluation.reasons.join(' ')).toContain('The net is broken: its gradient was masked');
    },
  );

  it('says robust of a net trained against PGD, at its epsilon', async () => {
    const { evaluation, success } = await evaluated('PGD-trained, at its epsilon');
    expect(evaluation).toMatchObject({ verdict: 'robust', masking: false, randomised: false });
    expect(failed(evaluation)).toEqual([]);
    expect(success.filter(Boolean).length).toBe(evaluation.robust_accuracy.of - evaluation.robust_accuracy.count);
  });

  it('says broken of the same net far beyond its epsilon', async () => {
    const { evaluation } = await evaluated('PGD-trained, far beyond');
    expect(evaluation).toMatchObject({ verdict: 'broken', masking: false, randomised: false });
  });

  it('sees through the mask of a net that is robust behind it', async () => {
    const { evaluation } = await evaluated('PGD-trained, logits × 100');
    const bare = verdicts.get('PGD-trained, at its epsilon')!;
    expect(evaluation.verdict).toBe('robust');
    expect(failed(evaluation)).toContain('zero-gradients');
    expect(Math.abs(evaluation.robust_accuracy.count - bare.robust_accuracy.count)).toBeLessThanOrEqual(1);
  });

  it('flags noise at the input, and breaks the net through it', async () => {
    const { evaluation } = await evaluated('noise at the input');
    expect(evaluation).toMatchObject({ verdict: 'broken', randomised: true });
    expect(failed(evaluation)).toContain('randomness');
  });
});

/** The panel as a table of Markdown. */
function table(): string {
  const share = ({ rate, low, high }: Rate) =>
    `${(100 * rate).toFixed(1)} [${(100 * low).toFixed(1)}, ${(100 * high).toFixed(1)}]`;
  const rows = [...verdicts].map(([name, evaluation]) => {
    const { verdict, masking, randomised, threat, naive_robust_accuracy, robust_accuracy, checks } = evaluation;
    const zero = checks.find((check) => check.name === 'zero-gradients')!.measured[0] as { rate: Rate };
    const cells = [
      name,
      threat.epsilon,
      share(naive_robust_accuracy),
      share(robust_accuracy),
      `${(100 * zero.rate.rate).toFixed(0)} %`,
      `**${verdict}**`,
      [masking && 'masking', randomised && 'randomised'].filter(Boolean).join(', ') || '–',
      failed(evaluation).join(', ') || '–',
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    '| net | Linf epsilon | resists naive PGD, % | resists everything, % | zero gradients | verdict | flags | checks failed |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}
