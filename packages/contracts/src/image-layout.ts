import { Type, type Static } from 'typebox';

/** Where the channels of uploaded images are. */
export const ImageLayout = Type.Enum(['channels-last', 'channels-first'], {
  default: 'channels-last',
  description:
    'Where the channels of images in four dimensions are: [n, height, width, channels] or [n, channels, height, width].',
});
export type ImageLayout = Static<typeof ImageLayout>;
