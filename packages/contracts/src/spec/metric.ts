import { Type, type Static } from 'typebox';
import { AnyExamplesSpec, ExamplesSpec } from './examples.js';

const models = Type.Optional(
  Type.Array(Type.String(), { minItems: 1, maxItems: 1000, description: 'Names of nets; all where absent.' }),
);

/** The input-gradient amplitude of each net, in log space (float32 cannot hold it). */
export const InputGradientMetric = Type.Object({ models, examples: ExamplesSpec }, { additionalProperties: false });
export type InputGradientMetric = Static<typeof InputGradientMetric>;

/** The scale, margins, confidence and calibration of each net's logits; of any images, since what is right says nothing of calibration. */
export const LogitsMetric = Type.Object(
  {
    models,
    examples: AnyExamplesSpec,
  },
  { additionalProperties: false },
);
export type LogitsMetric = Static<typeof LogitsMetric>;

/** The mean norm of the loss's input gradient, in log space. */
export const LossSensitivityMetric = Type.Object(
  {
    models,
    examples: ExamplesSpec,
    temperature: Type.Number({
      exclusiveMinimum: 0,
      maximum: 10000,
      default: 1,
      description: 'What the deployed logits are divided by before the softmax of the cross-entropy.',
    }),
  },
  { additionalProperties: false },
);
export type LossSensitivityMetric = Static<typeof LossSensitivityMetric>;

/** What CLEVER samples; its cost is batches x samples x (classes - 1) gradients an example. */
export const CleverParameters = Type.Object({
  norm: Type.Enum(['l1', 'l2', 'linf'], { default: 'l2', description: 'The norm of the distance that is estimated.' }),
  radius: Type.Number({
    exclusiveMinimum: 0,
    maximum: 1000,
    default: 5,
    description: 'Of the ball that is sampled, in pixel units; no score exceeds it.',
  }),
  batches: Type.Integer({
    minimum: 10,
    maximum: 10000,
    default: 50,
    description: 'Batches whose largest gradient norm is kept (the paper: 500).',
  }),
  samples: Type.Integer({
    minimum: 1,
    maximum: 100000,
    default: 128,
    description: 'Points of the ball in a batch (the paper: 1024).',
  }),
});
export type CleverParameters = Static<typeof CleverParameters>;

/** CLEVER, an estimate of the least distance to another class (Weng et al. 2018, arXiv 1801.10578). */
export const CleverMetric = Type.Object(
  { models, examples: ExamplesSpec, ...CleverParameters.properties },
  { additionalProperties: false },
);
export type CleverMetric = Static<typeof CleverMetric>;

/** What is measured of the nets beside their accuracy, which is always measured. */
export const MetricsSpec = Type.Object(
  {
    input_gradient: Type.Optional(InputGradientMetric),
    logits: Type.Optional(LogitsMetric),
    loss_sensitivity: Type.Optional(LossSensitivityMetric),
    clever: Type.Optional(CleverMetric),
  },
  { additionalProperties: false, default: {} },
);
export type MetricsSpec = Static<typeof MetricsSpec>;

/** What can be measured of a net. */
export const metricNames = [
  'input_gradient',
  'logits',
  'loss_sensitivity',
  'clever',
] as const satisfies (keyof MetricsSpec)[];
export type MetricName = (typeof metricNames)[number];
