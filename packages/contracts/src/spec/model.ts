import { Type, type Static } from 'typebox';
import { UploadHash } from '../upload.js';
import { Defence } from './defence.js';
import { ImportFormat, ImportInput } from './import.js';

/** The architectures that a spec can name. */
export const architectureNames = [
  'papernot-mnist',
  'papernot-cifar',
  'madry-mnist',
  'lenet',
  'lenet-caffe',
  'lenet-300-100',
  'resnet-8',
  'compact',
] as const;
export const Architecture = Type.Enum([...architectureNames], {
  description:
    'The net: `papernot-mnist` and `papernot-cifar` (Papernot et al. 2015), `madry-mnist` (Madry et al. 2017), `lenet` and `lenet-300-100` (after LeCun et al. 1998), `lenet-caffe`, `resnet-8` (He et al. 2015, without batch normalisation) or `compact`. Each takes images of any size that is large enough.',
});
export type Architecture = Static<typeof Architecture>;

const Momentum = Type.Number({ minimum: 0, exclusiveMaximum: 1, description: 'Share of the last step kept.' });

/** How a gradient becomes a step. */
export const Optimizer = Type.Union([
  Type.Object({ name: Type.Literal('sgd') }, { additionalProperties: false }),
  Type.Object({ name: Type.Literal('momentum'), momentum: Momentum }, { additionalProperties: false }),
  Type.Object({ name: Type.Literal('nesterov'), momentum: Momentum }, { additionalProperties: false }),
  Type.Object(
    {
      name: Type.Literal('adam'),
      beta_1: Type.Number({ minimum: 0, exclusiveMaximum: 1, default: 0.9 }),
      beta_2: Type.Number({ minimum: 0, exclusiveMaximum: 1, default: 0.999 }),
      epsilon: Type.Number({ exclusiveMinimum: 0, maximum: 1, default: 1e-8 }),
    },
    { additionalProperties: false },
  ),
]);
export type Optimizer = Static<typeof Optimizer>;

/** How the rate falls over a training, beside the decay. */
export const Schedule = Type.Union([
  Type.Object(
    {
      name: Type.Literal('cosine'),
      final_share: Type.Number({
        minimum: 0,
        maximum: 1,
        default: 0,
        description:
          'Share of the rate at which the last epoch ends; it falls there along half a cosine, step by step.',
      }),
    },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      name: Type.Literal('piecewise'),
      pieces: Type.Array(
        Type.Object(
          {
            from_epoch: Type.Integer({ minimum: 1, maximum: 10000, description: 'The first epoch of the piece.' }),
            factor: Type.Number({
              minimum: 0,
              maximum: 1000,
              description: 'Multiplies the rate until the next piece.',
            }),
          },
          { additionalProperties: false },
        ),
        { minItems: 1, maxItems: 1000, description: 'In any order; the factor is 1 before the first.' },
      ),
    },
    { additionalProperties: false },
  ),
]);
export type Schedule = Static<typeof Schedule>;

/** The size of a step, by temperature and by epoch. */
export const LearningRate = Type.Object(
  {
    base: Type.Number({ minimum: 0, maximum: 100, description: 'The rate at T = 1.' }),
    rule: Type.Enum(['constant', 'sqrt-temperature', 'temperature'], {
      default: 'constant',
      description:
        'How the rate follows T: as it is, times √T, or times T. The gradient carries a factor 1/T, so that a constant rate stalls at large T.',
    }),
    decay_factor: Type.Number({ exclusiveMinimum: 0, maximum: 1, default: 1, description: 'Multiplies the rate …' }),
    decay_every_epochs: Type.Integer({ minimum: 1, default: 1, description: '… after each so many epochs.' }),
    schedule: Type.Optional(Schedule),
    warmup_epochs: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 10000,
        description: 'Epochs, also in part, over which the rate rises from 0, step by step; 0 where absent.',
      }),
    ),
  },
  { additionalProperties: false },
);
export type LearningRate = Static<typeof LearningRate>;

/** The weights before the first step. */
export const Initialisation = Type.Object(
  {
    name: Type.Enum(['glorot-uniform', 'he-normal'], { default: 'glorot-uniform' }),
    output_scale: Type.Enum(['one', 'temperature'], {
      default: 'one',
      description: 'Multiplies the initial weights of the last layer: by 1, or by T so that training starts at T = 1.',
    }),
  },
  { additionalProperties: false, default: {} },
);
export type Initialisation = Static<typeof Initialisation>;

const Temperature = Type.Number({
  exclusiveMinimum: 0,
  maximum: 10000,
  description: 'The softmax temperature T in training: logits are divided by it.',
});

const DeploymentTemperature = Type.Number({
  exclusiveMinimum: 0,
  maximum: 10000,
  default: 1,
  description: 'The temperature that divides the logits of the finished net; 0.05 multiplies them by 20.',
});

/** When a training ends before its last epoch. */
export const EarlyStopping = Type.Object(
  {
    monitor: Type.Enum(['accuracy', 'loss'], {
      default: 'accuracy',
      description: 'What is compared: the accuracy on the validation examples, or their cross-entropy at T.',
    }),
    patience: Type.Integer({
      minimum: 1,
      maximum: 10000,
      description: 'Epochs without a better one after which the training ends.',
    }),
    min_delta: Type.Number({ minimum: 0, maximum: 1000, default: 0, description: 'Less than this is no better.' }),
  },
  {
    additionalProperties: false,
    description: 'Ends the training when validation gets no better; the net gets the weights of its best epoch back.',
  },
);
export type EarlyStopping = Static<typeof EarlyStopping>;

/** How a net is trained. */
export const TrainingSettings = Type.Object(
  {
    temperature: Temperature,
    epochs: Type.Integer({ minimum: 1, maximum: 10000 }),
    batch_size: Type.Integer({ minimum: 1, maximum: 4096, default: 128 }),
    optimizer: Optimizer,
    learning_rate: LearningRate,
    dropout: Type.Number({ minimum: 0, exclusiveMaximum: 1, default: 0, description: 'Share of units dropped.' }),
    weight_decay: Type.Number({
      minimum: 0,
      maximum: 10,
      default: 0,
      description: 'L2 factor on the weights of the output layer.',
    }),
    label_smoothing: Type.Optional(
      Type.Number({
        minimum: 0,
        exclusiveMaximum: 1,
        description:
          'Share of each target that is spread evenly over all classes (Szegedy et al. 2015, arXiv 1512.00567); 0 where absent.',
      }),
    ),
    defence: Type.Optional(Defence),
    warm_start_epochs: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 10000,
        description:
          'How many of the epochs, the first ones, train on the true labels at T = 1, as the code of Carlini and Wagner (2016) does for one; 0 where absent.',
      }),
    ),
    average_decay: Type.Optional(
      Type.Number({
        minimum: 0,
        exclusiveMaximum: 1,
        description:
          'Keeps an exponential moving average of the weights, which is what is validated, tested and saved: the share of the average kept at each step, such as 0.999; it rises to that as (1 + step) / (10 + step). No average where absent.',
      }),
    ),
    early_stopping: Type.Optional(EarlyStopping),
    minimum_accuracy: Type.Number({
      minimum: 0,
      maximum: 1,
      default: 0.5,
      description:
        'A net below this validation accuracy fails: attack rates on a net that learnt nothing mean nothing.',
    }),
  },
  { additionalProperties: false },
);
export type TrainingSettings = Static<typeof TrainingSettings>;

const trainedFields = {
  architecture: Architecture,
  initialisation: Initialisation,
  ...TrainingSettings.properties,
  deployment_temperature: DeploymentTemperature,
};

/** A net trained on the true labels. */
export const TrainModel = Type.Object(
  {
    kind: Type.Literal('train'),
    ...trainedFields,
  },
  { additionalProperties: false, description: 'A net trained on the true labels.' },
);
export type TrainModel = Static<typeof TrainModel>;

/** What a student learns. */
export const DistillTargets = Type.Enum(['teacher-probabilities', 'true-labels', 'extended'], {
  default: 'teacher-probabilities',
  description:
    "What the student learns: the teacher's probabilities at T; the `true-labels`, the control, equal to temperature-only training; or, `extended`, the labels shared with one more class, the outliers', by how much the teacher's answers change with the units that it drops (Papernot and McDaniel 2017).",
});

/** A net trained on another's probabilities at T (Papernot et al. 2015), or on its doubt. */
export const DistillModel = Type.Object(
  {
    kind: Type.Literal('distill'),
    teacher: Type.String({ minLength: 1, description: 'The name of the net whose probabilities are learnt.' }),
    targets: DistillTargets,
    passes: Type.Optional(
      Type.Integer({
        minimum: 2,
        maximum: 10000,
        description:
          'For `extended` targets: how often the teacher answers each image with units dropped; 10 where absent.',
      }),
    ),
    alpha: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 1,
        description:
          "For `extended` targets: the outlier class's share of the most doubtful image's label; 0.9 where absent.",
      }),
    ),
    ...trainedFields,
  },
  { additionalProperties: false, description: "A net trained on another net's probabilities at T." },
);
export type DistillModel = Static<typeof DistillModel>;

/** How a deployed net is made random. */
export const InputNoise = Type.Number({
  exclusiveMinimum: 0,
  maximum: 10,
  description:
    'Standard deviation of Gaussian noise that each forward pass adds to the input, in pixel units (the pixel range is 0 to 1); no noise where absent. The net is then randomised: equal images get unequal answers.',
});

/** An existing net at another deployment temperature, the logit-scaled control, or made random, without training. */
export const DeployModel = Type.Object(
  {
    kind: Type.Literal('deploy'),
    model: Type.String({ minLength: 1, description: 'The name of the net that is deployed again.' }),
    deployment_temperature: Type.Number({
      exclusiveMinimum: 0,
      maximum: 10000,
      default: 1,
      description: 'The temperature that divides the logits; 0.05 multiplies them by 20.',
    }),
    input_noise: Type.Optional(InputNoise),
  },
  {
    additionalProperties: false,
    description: 'A finished net at another deployment temperature or with noise at its input, not trained again.',
  },
);
export type DeployModel = Static<typeof DeployModel>;

/** A net that was made elsewhere. */
export const ImportModel = Type.Object(
  {
    kind: Type.Literal('import'),
    format: ImportFormat,
    upload: UploadHash,
    input: ImportInput,
    training_temperature: Type.Number({
      exclusiveMinimum: 0,
      maximum: 10000,
      default: 1,
      description:
        'The softmax temperature T that it was trained at, as far as you know; attacks at `training` use it.',
    }),
    deployment_temperature: DeploymentTemperature,
    minimum_accuracy: Type.Number({
      minimum: 0,
      maximum: 1,
      default: 0.5,
      description: 'A net below this validation accuracy fails: most likely its pixels are scaled otherwise.',
    }),
  },
  { additionalProperties: false, description: 'A net that Keras or TensorFlow.js saved, from an uploaded file.' },
);
export type ImportModel = Static<typeof ImportModel>;

export const ModelSpec = Type.Union([TrainModel, DistillModel, DeployModel, ImportModel]);
export type ModelSpec = Static<typeof ModelSpec>;
