import { Type, type Static } from 'typebox';
import { DistillJob } from '../job.js';
import { JsonNumber } from '../number.js';
import { ImportFormat, ImportInput } from '../spec/import.js';
import { InputNoise } from '../spec/model.js';
import { Provenance } from './provenance.js';
import { Rate } from './rate.js';

/** What is needed to load the file of an imported net again, and what became of its end. */
export const Imported = Type.Object({
  format: ImportFormat,
  input: ImportInput,
  input_shape: Type.Array(Type.Integer(), { description: 'The shape of one image: height, width, channels.' }),
  classes: Type.Integer(),
  removed: Type.Enum(['none', 'softmax', 'log_softmax', 'sigmoid'], {
    description: 'The activation that was taken off its end, so that its outputs are logits.',
  }),
});
export type Imported = Static<typeof Imported>;

/** The result of a train, distill, deploy or import job: a net. */
export const ModelResult = Type.Object({
  kind: Type.Enum(['train', 'distill', 'deploy', 'import']),
  architecture: Type.String({ description: 'One of Retort, or the format of the file that it was imported from.' }),
  imported: Type.Optional(Imported),
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
