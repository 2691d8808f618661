import { Type, type Static } from 'typebox';
import { ImageLayout } from '../image-layout.js';
import { UploadHash } from '../upload.js';

/** The four arrays of a dataset. */
export const datasetParts = ['train_images', 'train_labels', 'test_images', 'test_labels'] as const;
export type DatasetPart = (typeof datasetParts)[number];

const ArrayName = (usual: string) =>
  Type.Optional(
    Type.String({ minLength: 1, maxLength: 200, description: `Its name in the file; ${usual} where absent.` }),
  );

/** Uploaded files that hold images, 0 to 255 or fractions from 0 to 1, and their classes, counted from 0. */
export const OwnFiles = Type.Union([
  Type.Object(
    {
      format: Type.Literal('npz'),
      file: UploadHash,
      arrays: Type.Object(
        {
          train_images: ArrayName('`x_train`, `train_images` and the like'),
          train_labels: ArrayName('`y_train`, `train_labels` and the like'),
          test_images: ArrayName('`x_test`, `test_images` and the like'),
          test_labels: ArrayName('`y_test`, `test_labels` and the like'),
        },
        { additionalProperties: false, default: {} },
      ),
      layout: ImageLayout,
    },
    { additionalProperties: false, description: 'One file of numpy arrays, made with `savez` or `savez_compressed`.' },
  ),
  Type.Object(
    {
      format: Type.Literal('idx'),
      files: Type.Object(
        { train_images: UploadHash, train_labels: UploadHash, test_images: UploadHash, test_labels: UploadHash },
        { additionalProperties: false },
      ),
      layout: ImageLayout,
    },
    { additionalProperties: false, description: 'Four files in the format of MNIST, packed with gzip or not.' },
  ),
]);
export type OwnFiles = Static<typeof OwnFiles>;
