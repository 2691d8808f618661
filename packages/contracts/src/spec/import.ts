import { Type, type Static } from 'typebox';

/** The files that a net can be imported from. */
export const importFormats = ['keras', 'keras-h5', 'tfjs-layers', 'tfjs-graph'] as const;
export const ImportFormat = Type.Enum([...importFormats], {
  description:
    'The file: `keras` (.keras of Keras 3), `keras-h5` (.h5 of Keras 2 or 3, of the whole model), or a zip with the model.json of TensorFlow.js and its weights, `tfjs-layers` or `tfjs-graph`.',
});
export type ImportFormat = Static<typeof ImportFormat>;

const perChannel = (what: string, value: number) =>
  Type.Union([Type.Number(), Type.Array(Type.Number(), { minItems: 1, maxItems: 4096 })], {
    default: value,
    description: `${what}; one number, or one a channel.`,
  });

/** How a dataset's pixels in [0, 1] become what an imported net was trained on. */
export const ImportInput = Type.Object(
  {
    scale: perChannel('What a pixel in [0, 1] is multiplied by, such as 255', 1),
    offset: perChannel('What is added after that, such as -1', 0),
    layout: Type.Enum(['channels_last', 'channels_first'], {
      default: 'channels_last',
      description: 'The order of the axes that the net takes: [height, width, channels] or [channels, height, width].',
    }),
  },
  { additionalProperties: false, default: {}, description: 'How pixels in [0, 1] become the input of the net.' },
);
export type ImportInput = Static<typeof ImportInput>;
