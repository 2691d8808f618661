import { Type, type Static } from 'typebox';
import { ExamplesSpec } from './examples.js';

/** The input-gradient amplitude of each net, in log space (float32 cannot hold it). */
export const InputGradientMetric = Type.Object(
  {
    models: Type.Optional(
      Type.Array(Type.String(), { minItems: 1, maxItems: 1000, description: 'Names of nets; all where absent.' }),
    ),
    examples: ExamplesSpec,
  },
  { additionalProperties: false },
);
export type InputGradientMetric = Static<typeof InputGradientMetric>;

/** What is measured of the nets beside their accuracy, which is always measured. */
export const MetricsSpec = Type.Object(
  { input_gradient: Type.Optional(InputGradientMetric) },
  { additionalProperties: false, default: {} },
);
export type MetricsSpec = Static<typeof MetricsSpec>;
