import {
  encodePositions,
  type AccuracyCurve,
  type AttackResult,
  type Distribution,
  type EstimatedDistribution,
  type ExampleRecord,
  type ExperimentSpec,
  type InputGradientResult,
  type JobLabels,
  type JobResult,
  type JobSpec,
  type JsonNumber,
  type Provenance,
  type Rate,
} from '@retort/contracts';
import type { ReportInput, ReportJob } from '../report-input.js';

/** A rate with its 95 % Wilson interval, after Wilson (1927). */
export function rate(count: number, of: number): Rate {
  const z = 1.959963984540054;
  const p = count / of;
  const centre = (p + (z * z) / (2 * of)) / (1 + (z * z) / of);
  const half = (z / (1 + (z * z) / of)) * Math.sqrt((p * (1 - p)) / of + (z * z) / (4 * of * of));
  return { count, of, rate: p, low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

export function around(median: JsonNumber, spread = 1): Distribution {
  const at = (steps: number): JsonNumber => (typeof median === 'number' ? median + steps * spread : median);
  const quartiles = { p5: at(-2), p25: at(-1), median, p75: at(1), p95: at(2) };
  return { count: 200, mean: median, min: at(-3), ...quartiles, max: at(3) };
}

function estimated(median: number, spread = 1): EstimatedDistribution {
  const interval = { low: median - spread / 5, high: median + spread / 5 };
  return { ...around(median, spread), mean_interval: interval, median_interval: interval };
}

/** All successes at one distance. */
function curve(successes: number, distance: number): AccuracyCurve {
  return [
    { epsilon: 0, ...rate(200, 200) },
    { epsilon: distance, ...rate(200 - successes, 200) },
  ];
}

/** The first 200 images attacked, the first `successes` of them with success. */
function recordOf(successes: number): ExampleRecord {
  const positions = Array.from({ length: 200 }, (_, at) => at);
  return {
    test: 10_000,
    attacked: encodePositions(positions, 10_000),
    succeeded: encodePositions(positions.slice(0, successes), 10_000),
    correct: encodePositions(positions.slice(successes), 10_000),
  };
}

export const provenance: Provenance = {
  engine: {
    name: 'tfjs-node',
    backend: 'tensorflow',
    versions: { '@tensorflow/tfjs': '4.22.0' },
    threads: 1,
    device: 'cpu',
    self_check: { passed: true, max_relative_error: 1e-6 },
    skipped: [],
  },
  code_version: '0.1.0+abc1234',
  dataset: { name: 'mnist', sha256: 'b'.repeat(64) },
  seed: 0,
  compute_seconds: 12.5,
  fallbacks: [],
};

const onDataset = {
  dataset: { name: 'mnist', train: 40_000, validation: 1000, test: 10_000, split_seed: 0, pixel_divisor: 255 },
  dataset_sha256: 'b'.repeat(64),
} as const;

const initialisation = { name: 'glorot-uniform', output_scale: 'one' } as const;

export function settings(temperature: number) {
  return {
    temperature,
    epochs: 3,
    batch_size: 128,
    optimizer: { name: 'nesterov', momentum: 0.5 },
    learning_rate: { base: 0.1, rule: 'sqrt-temperature', decay_factor: 1, decay_every_epochs: 1 },
    dropout: 0,
    weight_decay: 0,
    minimum_accuracy: 0.5,
  } as const;
}

/** A net of the fixture: how it is made and what was found on 200 images. */
export interface NetFigures {
  readonly name: string;
  readonly kind: 'train' | 'distill' | 'deploy';
  readonly temperature: number;
  readonly deployment?: number;
  readonly source?: string;
  readonly correct: number;
  readonly median: JsonNumber;
  readonly zeros: number;
  /** Successes of each attack, by its name, out of 200. */
  readonly successes: Readonly<Record<string, number>>;
}

/** The attacks of the fixture: two pairs of a naive and a masking-proof one. */
export const attacks: ExperimentSpec['attacks'] = {
  'fgsm-ce': attack('fgsm', { epsilon: 0.3, loss: 'cross-entropy', temperature: 1 }),
  'fgsm-margin': attack('fgsm', { epsilon: 0.3, loss: 'margin', temperature: 1 }),
  'song-float32': attack('song-saliency', songAt('gradient-float32')),
  'song-exact': attack('song-saliency', songAt('gradient-exact')),
};

function attack(name: 'fgsm' | 'song-saliency', parameters: Record<string, unknown>) {
  return { attack: name, parameters, examples: { count: 200, choose: 'common-clean-correct' as const } };
}

function songAt(score: string) {
  return { score, maximum_pixels: 99, loss: 'cross-entropy', temperature: 1 };
}

/** The compact nets of the project's first measurements on MNIST. */
export const measuredNets: readonly NetFigures[] = [
  {
    name: 'standard',
    kind: 'train',
    temperature: 1,
    correct: 9776,
    median: -3.7,
    zeros: 0,
    successes: { 'fgsm-ce': 178, 'fgsm-margin': 192, 'song-float32': 170, 'song-exact': 186 },
  },
  {
    name: 't20',
    kind: 'train',
    temperature: 20,
    correct: 9757,
    median: -78.5,
    zeros: 169,
    successes: { 'fgsm-ce': 31, 'fgsm-margin': 185, 'song-float32': 28, 'song-exact': 180 },
  },
  {
    name: 'distilled',
    kind: 'distill',
    temperature: 20,
    source: 't20',
    correct: 9728,
    median: -68.8,
    zeros: 170,
    successes: { 'fgsm-ce': 29, 'fgsm-margin': 198, 'song-float32': 29, 'song-exact': 196 },
  },
  {
    name: 'times-20',
    kind: 'deploy',
    temperature: 1,
    deployment: 0.05,
    source: 'standard',
    correct: 9776,
    median: -96.4,
    zeros: 192,
    successes: { 'fgsm-ce': 8, 'fgsm-margin': 192, 'song-float32': 8, 'song-exact': 186 },
  },
];

/** Every job of an experiment on these nets, all succeeded. */
export function jobsOf(nets: readonly NetFigures[], seed = 0, grid: JobLabels['grid'] = {}): ReportJob[] {
  const of = (net: NetFigures, more: Partial<JobLabels> = {}): JobLabels => ({ model: net.name, seed, grid, ...more });
  return [
    ...nets.map((net) => job(net.name, net.kind, of(net), specOf(net, seed), modelResult(net))),
    ...nets.map((net) => {
      const spec: JobSpec = { kind: 'measure', ...onDataset, seed, metric: 'input_gradient', examples: examples200 };
      const labels = of(net, { metric: 'input_gradient' });
      const result: JobResult = { kind: 'measure', input_gradient: gradientOf(net), provenance };
      return job(`input gradient of ${net.name}`, 'measure', labels, spec, result);
    }),
    ...nets.flatMap((net) =>
      Object.entries(net.successes).map(([name, count]) => {
        const { attack, parameters } = attacks[name]!;
        const spec: JobSpec = { kind: 'attack', ...onDataset, seed, attack, parameters, examples: examples200 };
        return job(`${name} on ${net.name}`, 'attack', of(net, { attack: name }), spec, attackResult(name, count));
      }),
    ),
  ];
}

const examples200 = { count: 200, choose: 'common-clean-correct' } as const;

function job(name: string, kind: ReportJob['kind'], labels: JobLabels, spec: JobSpec, result: JobResult): ReportJob {
  const id = `job-${labels.seed}-${JSON.stringify(labels.grid)}-${name}`;
  const ended = { status: 'succeeded', reason: 'completed', detail: null, reused_from: null } as const;
  return { id, kind, name, labels, spec, result, seed: labels.seed, ...ended, fingerprint: 'f'.repeat(64) };
}

function specOf(net: NetFigures, seed: number): JobSpec {
  const deployment_temperature = net.deployment ?? 1;
  const trained = { architecture: 'compact', initialisation, settings: settings(net.temperature) } as const;
  if (net.kind === 'deploy') return { kind: 'deploy', ...onDataset, seed, deployment_temperature };
  if (net.kind === 'train') return { kind: 'train', ...onDataset, seed, ...trained, deployment_temperature };
  const targets = 'teacher-probabilities';
  return { kind: 'distill', ...onDataset, seed, ...trained, deployment_temperature, targets };
}

function modelResult(net: NetFigures): JobResult {
  return {
    kind: net.kind,
    architecture: 'compact',
    parameter_count: 52_000,
    training_temperature: net.temperature,
    deployment_temperature: net.deployment ?? 1,
    test_accuracy: rate(net.correct, 10_000),
    validation_accuracy: rate(980, 1000),
    train_loss: 0.05,
    epochs: 3,
    logit_margin: { median: 9, p95: 20 },
    provenance,
  };
}

function gradientOf(net: NetFigures): InputGradientResult {
  const counts = net.zeros > 100 ? [170, 10, 8, 5, 3, 2, 1, 1, 0, 0] : [0, 0, 0, 0, 0, 2, 10, 40, 98, 50];
  return {
    examples: 200,
    loss: 'cross-entropy at T=1',
    log10_max_abs: around(net.median, 8),
    log10_mean_abs: around(net.median, 8),
    histogram: { edges: [0, 1e-40, 1e-35, 1e-30, 1e-25, 1e-20, 1e-15, 1e-10, 1e-5, 1e-3, 1], counts, above: 0 },
    float32_zero: rate(net.zeros, 200),
    probability_saturated: rate(net.zeros, 200),
    exact_zero: rate(0, 200),
    float32_cosine: around(0.4, 0.1),
    wrong_direction: { ...rate(30, 200), cosine_below: 0.9 },
    class_histogram: Array<number>(10).fill(20),
  };
}

function attackResult(name: string, count: number): AttackResult {
  return {
    kind: 'attack',
    attack: attacks[name]!.attack,
    parameters: attacks[name]!.parameters,
    examples: { choose: 'common-clean-correct', count: 200, available: 9500, test: 10_000 },
    metrics: {
      success: rate(count, 200),
      clean_accuracy: rate(200, 200),
      robust_accuracy: rate(200 - count, 200),
      success_over_correct: rate(count, 200),
      pixels_changed: estimated(312.5),
      l0: estimated(312.5),
      l1: estimated(50),
      l2: estimated(4.25),
      linf: estimated(0.3, 0),
      rho_adv: { count, mean: 0.4, low: 0.3, high: 0.5 },
      empirical_robustness: { count, mean: 0.5, low: 0.4, high: 0.6 },
      confidence: estimated(0.7, 0.05),
      accuracy_curves: { l0: curve(count, 312), l1: curve(count, 50), l2: curve(count, 4.25), linf: curve(count, 0.3) },
      gradients: around(1, 0),
      forwards: around(2, 0),
      no_gradient: 3,
      class_histogram: Array<number>(10).fill(20),
    },
    record: recordOf(count),
    samples: [sample(7, 3)],
    provenance,
  };
}

/** A grey ramp as the original and its negative as the adversarial image. */
export function sample(label: number, predicted: number): AttackResult['samples'][number] {
  const ramp = Uint8Array.from({ length: 784 }, (_, at) => at % 256);
  const negative = ramp.map((value) => 255 - value);
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
  const images = { original: base64(ramp), adversarial: base64(negative), shape: [28, 28, 1] };
  return { index: 12, label, predicted, success: label !== predicted, ...images };
}

/** An experiment with these jobs. */
export function experimentOf(nets: readonly NetFigures[], jobs = jobsOf(nets), name = 'Temperature'): ReportInput {
  const models = Object.fromEntries(nets.map((net) => [net.name, modelSpec(net)]));
  const spec: ExperimentSpec = {
    name,
    metadata: {},
    dataset: onDataset.dataset,
    seeds: [...new Set(jobs.map(({ seed }) => seed))],
    models,
    attacks,
    metrics: { input_gradient: { examples: examples200 } },
    evaluations: {},
    grid: {},
    reuse: true,
    priority: 0,
    limits: { max_attempts: 3, max_duration_seconds: 3600 },
  };
  const times = { created_at: '2026-01-02T03:04:05.000Z', finished_at: '2026-01-02T04:04:05.000Z' };
  return { experiment: { id: 'exp-1', name, description: null, status: 'succeeded', ...times, spec }, jobs };
}

function modelSpec(net: NetFigures): ExperimentSpec['models'][string] {
  const deployment_temperature = net.deployment ?? 1;
  const trained = { architecture: 'compact', initialisation, ...settings(net.temperature) } as const;
  if (net.kind === 'deploy') return { kind: 'deploy', model: net.source!, deployment_temperature };
  if (net.kind === 'train') return { kind: 'train', ...trained, deployment_temperature };
  return {
    kind: 'distill',
    teacher: net.source!,
    targets: 'teacher-probabilities',
    ...trained,
    deployment_temperature,
  };
}
