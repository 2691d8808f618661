import { Type, type Static } from 'typebox';
import { WantedEngine } from '../engine.js';
import { AttackSpec } from './attack.js';
import { DatasetSpec } from './dataset.js';
import { EvaluationSpec } from './evaluation.js';
import { MetricsSpec } from './metric.js';
import { ModelSpec } from './model.js';

/** What a model or an attack may be called. */
export const NAME_PATTERN = '^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$';

/** More nets, attacks, axes or labels than this in one spec are refused. */
const MAX_NAMES = 1000;

/** One axis of a grid: the values that one or more fields of the spec take together. */
export const GridAxis = Type.Object(
  {
    values: Type.Array(Type.Unknown(), { minItems: 1, maxItems: 1000, description: 'The values, in order.' }),
    at: Type.Array(Type.String({ pattern: '^/(dataset|models|attacks|metrics|evaluations)/' }), {
      minItems: 1,
      maxItems: 1000,
      description: 'JSON pointers to the fields that take each value, such as `/models/student/temperature`.',
    }),
  },
  { additionalProperties: false },
);
export type GridAxis = Static<typeof GridAxis>;

/** The bounds of each job. */
export const LimitsSpec = Type.Object(
  {
    max_attempts: Type.Integer({ minimum: 1, maximum: 100, default: 3, description: 'Tries before a job fails.' }),
    max_duration_seconds: Type.Integer({
      minimum: 1,
      maximum: 2592000,
      default: 86400,
      description: 'Seconds that one try may run.',
    }),
    queue_timeout_seconds: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 2592000,
        description:
          'Seconds that a job may wait for a worker to start it the first time; for ever where absent. Time blocked on other jobs does not count.',
      }),
    ),
    shard_size: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1000000,
        description:
          'Examples at most in one part of an attack or an evaluation: the parts are computed by whatever workers are free, to the same result. By the cost of an example where absent; randomised nets are attacked whole.',
      }),
    ),
  },
  { additionalProperties: false, default: {} },
);

/** An experiment as a person posts it: nets, attacks on them and what is measured. */
export const ExperimentSpec = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 200 }),
    description: Type.Optional(Type.String({ maxLength: 10000 })),
    metadata: Type.Record(Type.String(), Type.String({ maxLength: 1000 }), {
      maxProperties: MAX_NAMES,
      default: {},
      description: 'Your own labels, kept and returned as they are.',
    }),
    dataset: DatasetSpec,
    seeds: Type.Array(Type.Integer({ minimum: 0, maximum: 2147483647 }), {
      minItems: 1,
      maxItems: 1000,
      uniqueItems: true,
      default: [0],
      description: 'The whole experiment is repeated with each seed.',
    }),
    models: Type.Record(Type.String({ pattern: NAME_PATTERN }), ModelSpec, {
      minProperties: 1,
      maxProperties: MAX_NAMES,
      description: 'The nets, by name.',
    }),
    attacks: Type.Record(Type.String({ pattern: NAME_PATTERN }), AttackSpec, {
      maxProperties: MAX_NAMES,
      default: {},
      description: 'The attacks, by a name of your choice.',
    }),
    metrics: MetricsSpec,
    evaluations: Type.Record(Type.String({ pattern: NAME_PATTERN }), EvaluationSpec, {
      maxProperties: MAX_NAMES,
      default: {},
      description: 'The evaluations, by a name of your choice: does a net resist, or does it only hide its gradient?',
    }),
    grid: Type.Record(Type.String({ pattern: NAME_PATTERN }), GridAxis, {
      maxProperties: MAX_NAMES,
      default: {},
      description: 'Axes by name; the experiment is expanded to every combination of their values.',
    }),
    reuse: Type.Boolean({
      default: true,
      description:
        'Whether the results of equal jobs, computed before or at the same time, are taken over instead of computed again.',
    }),
    priority: Type.Integer({
      minimum: -100,
      maximum: 100,
      default: 0,
      description:
        'Larger goes first among the jobs of one API key. Each minute of waiting counts as a point, so that nothing waits for ever.',
    }),
    engine: Type.Optional(WantedEngine),
    limits: LimitsSpec,
  },
  { additionalProperties: false, title: 'ExperimentSpec' },
);
export type ExperimentSpec = Omit<Static<typeof ExperimentSpec>, 'attacks'> & { attacks: Record<string, AttackSpec> };
