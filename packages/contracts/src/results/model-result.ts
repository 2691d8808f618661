import { Type, type Static } from 'typebox';
import { DistillJob } from '../job.js';
import { JsonNumber } from '../number.js';
import { InputNoise } from '../spec/model.js';
import { Provenance } from './provenance.js';
import { Rate } from './rate.js';

/** The result of a train, distill or deploy job: a net. */
export const ModelResult = Type.Object({
  kind: Type.Enum(['train', 'distill', 'deploy']),
  architecture: Type.String(),
  parameter_count: Type.Integer(),
  training_temperature: Type.Number(),
  deployment_temperature: Type.Number(),
  input_noise: Type.Optional(InputNoise),
  targets: Type.Optional(DistillJob.properties.targets),
  test_accuracy: Rate,
  validation_accuracy: Rate,
  train_loss: Type.Union([JsonNumber, Type.Null()], {
    description: 'Mean loss of the last epoch; null if not trained.',
  }),
  epochs: Type.Integer(),
  logit_margin: Type.Object(
    { median: Type.Number(), p95: Type.Number() },
    { description: 'Largest minus second largest deployed logit over the test set: what sets the masking.' },
  ),
  provenance: Provenance,
});
export type ModelResult = Static<typeof ModelResult>;
