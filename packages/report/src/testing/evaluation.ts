import type { EvaluateResult, JobSpec } from '@retort/contracts';
import type { ReportJob } from '../report-input.js';
import { provenance, rate, sample } from './experiment.js';

const threat = { norm: 'linf', epsilon: 0.1, required_accuracy: 0.5, effort: 'quick' } as const;

/** What an evaluation of the net trained at T = 20 found. */
const maskedResult: EvaluateResult = {
  kind: 'evaluate',
  verdict: 'masked',
  masking: true,
  randomised: false,
  reasons: ['The naive attack leaves 180 of 200 images, the strongest attacks together 2 of 200.'],
  next: [],
  threat,
  temperatures: { training: 20, calibrated: 17.5 },
  clean_accuracy: rate(200, 200),
  robust_accuracy: rate(2, 200),
  naive_robust_accuracy: rate(180, 200),
  checks: [
    {
      name: 'zero-gradients',
      title: 'Zero gradients',
      question: 'Is the float32 gradient of the cross-entropy exactly zero?',
      concern: 'masking',
      measured: [
        { what: 'zero in every pixel', rate: rate(178, 200) },
        { what: 'median log10 of the largest component', value: '-Infinity' },
      ],
      threshold: 'at most 1 % are zero',
      status: 'failed',
      evidence: '178 of 200 gradients are zero in every pixel.',
      paper: 'Carlini et al. 2019, arXiv 1902.06705',
    },
    {
      name: 'transfer',
      title: 'Transfer',
      question: 'Do examples made on another net do better?',
      concern: 'illusion',
      measured: [],
      threshold: 'no better than the direct attack',
      status: 'not-run',
      evidence: 'No surrogate was named.',
      paper: 'Carlini et al. 2019, arXiv 1902.06705',
    },
  ],
  attacks: [
    {
      name: 'naive',
      attack: 'pgd',
      parameters: { epsilon: 0.1 },
      attacked: 'all',
      within_threat: true,
      success: rate(20, 200),
      robust_accuracy: rate(180, 200),
      gradients: 8000,
      forwards: 400,
      no_gradient: 178,
    },
    {
      name: 'transfer',
      attack: 'pgd',
      parameters: { epsilon: 0.1, loss: 'margin' },
      source: 'standard',
      attacked: 'standing',
      within_threat: true,
      success: rate(178, 180),
      robust_accuracy: rate(2, 200),
      gradients: 900,
      forwards: 180,
      no_gradient: 0,
    },
  ],
  strongest: { index: [12], by: [1], distance: [0.1] },
  examples: { choose: 'clean-correct', count: 200, available: 9500 },
  samples: [sample(7, 3)],
  provenance,
};

/** A job that evaluated a net of the fixture; without a result where it failed. */
export function evaluationOf(net: string, found: Partial<EvaluateResult> | null = {}): ReportJob {
  const dataset = { name: 'mnist', train: 40_000, validation: 1000, test: 10_000, split_seed: 0, pixel_divisor: 255 };
  const spec = {
    kind: 'evaluate',
    dataset,
    dataset_sha256: 'b'.repeat(64),
    seed: 0,
    threat,
    examples: { count: 200, choose: 'clean-correct' },
  } as JobSpec;
  return {
    id: `job-claim-${net}`,
    kind: 'evaluate',
    name: `claim of ${net}`,
    labels: { model: net, evaluation: 'claim', seed: 0, grid: {} },
    spec,
    result: found && { ...maskedResult, ...found },
    seed: 0,
    status: found ? 'succeeded' : 'failed',
    reason: found ? 'completed' : 'computation_failed',
    detail: null,
    reused_from: null,
  };
}
