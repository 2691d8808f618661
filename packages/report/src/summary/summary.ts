import {
  CleverResult,
  EvaluationParameters,
  JobKind,
  JobStatus,
  JsonNumber,
  LogitsResult,
  LossSensitivityResult,
  MemberMetrics,
  Rate,
  Verification,
  Verdict as EvaluationVerdict,
} from '@retort/contracts';
import { Type, type Static } from 'typebox';

const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()]);

/** One attack on one net. */
export const AttackCell = Type.Object({
  name: Type.String({ description: 'The name of the attack in the spec.' }),
  attack: Type.String(),
  parameters: Type.Record(Type.String(), Type.Unknown()),
  approach: Type.Enum(['naive', 'masking-proof', 'other'], {
    description:
      'Whether it follows the float32 gradient of the cross-entropy at T = 1, or what masking does not reach.',
  }),
  follows: Type.String(),
  job_id: Type.String(),
  status: JobStatus,
  source: orNull(Type.String({ description: 'Of a transfer: the net that the images are made on.' })),
  success: orNull(Rate),
  source_success: orNull(Rate),
  ratio: orNull(Type.Number({ description: 'Success divided by that on the reference net; null where that is 0.' })),
  mean_pixels_changed: orNull(JsonNumber),
  mean_l2: orNull(JsonNumber),
  mean_linf: orNull(JsonNumber),
  no_gradient: orNull(Type.Integer()),
  members: Type.Array(MemberMetrics, { description: 'The attacks of an ensemble; none of a single attack.' }),
  verification: orNull(Verification),
  class_histogram: Type.Array(Type.Integer(), { description: 'True classes of the denominator.' }),
});
export type AttackCell = Static<typeof AttackCell>;

/** One evaluation of one net. */
export const EvaluationCell = Type.Object({
  name: Type.String({ description: 'The name of the evaluation in the spec.' }),
  threat: EvaluationParameters,
  job_id: Type.String(),
  status: JobStatus,
  verdict: orNull(EvaluationVerdict),
  masking: orNull(Type.Boolean()),
  randomised: orNull(Type.Boolean()),
  robust_accuracy: orNull(Rate),
  naive_robust_accuracy: orNull(Rate),
  failed_checks: Type.Array(Type.String(), { description: 'Titles of the checks that failed.' }),
  reasons: Type.Array(Type.String()),
  next: Type.Array(Type.String(), { description: 'What to run next.' }),
});
export type EvaluationCell = Static<typeof EvaluationCell>;

export const verdicts = ['reference', 'masked', 'partly-masked', 'harder', 'not-harder', 'mixed', 'undecided'] as const;
export const Verdict = Type.Enum([...verdicts], {
  description: '`undecided` where jobs are missing or the intervals overlap; `mixed` where pairs of attacks disagree.',
});
export type Verdict = Static<typeof Verdict>;

/** One net at one seed and one point of the grid; nothing is averaged. */
export const NetRow = Type.Object({
  key: Type.String(),
  label: Type.String({ description: 'The net, and where it needs them its seed and coordinates.' }),
  net: Type.String(),
  seed: Type.Integer(),
  grid: Type.Record(Type.String(), Type.Unknown()),
  kind: orNull(JobKind),
  made: Type.String({ description: 'Such as `trained at T=20`.' }),
  status: orNull(JobStatus),
  training_temperature: orNull(Type.Number()),
  deployment_temperature: orNull(Type.Number()),
  test_accuracy: orNull(Rate),
  median_log10_gradient: orNull(JsonNumber),
  float32_zero: orNull(Rate),
  wrong_direction: orNull(Rate),
  logits: orNull(LogitsResult),
  loss_sensitivity: orNull(LossSensitivityResult),
  clever: orNull(CleverResult),
  attacks: Type.Array(AttackCell),
  evaluations: Type.Array(EvaluationCell),
  reference: orNull(
    Type.String({ description: 'The key of the row that it is compared with; its own if it is that.' }),
  ),
  verdict: Verdict,
  finding: Type.String(),
});
export type NetRow = Static<typeof NetRow>;

/** A job without a result. */
export const Gap = Type.Object({
  job_id: Type.String(),
  name: Type.String(),
  seed: Type.Integer(),
  grid: Type.Record(Type.String(), Type.Unknown()),
  status: JobStatus,
  reason: orNull(Type.String()),
  detail: orNull(Type.String()),
});
export type Gap = Static<typeof Gap>;

/** What an experiment found, as the terminal, the dashboard and the report show it. */
export const Summary = Type.Object({
  experiment: Type.Object({ id: Type.String(), name: Type.String(), status: Type.String() }),
  sentence: Type.Object({ shows: Type.String(), does_not_show: Type.String() }),
  rows: Type.Array(NetRow),
  gaps: Type.Array(Gap),
  fallbacks: Type.Array(Type.String(), { description: 'Whatever was done otherwise than asked, with its job.' }),
});
export type Summary = Static<typeof Summary>;
