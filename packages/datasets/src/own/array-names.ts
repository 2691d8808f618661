import type { DatasetPart } from '@retort/contracts';
import { DatasetError } from '../dataset-error.js';

const usualNames: Record<DatasetPart, readonly string[]> = {
  train_images: ['x_train', 'X_train', 'train_images', 'train_x', 'train_data', 'images_train'],
  train_labels: ['y_train', 'Y_train', 'train_labels', 'train_y', 'train_targets', 'labels_train'],
  test_images: ['x_test', 'X_test', 'test_images', 'test_x', 'test_data', 'images_test'],
  test_labels: ['y_test', 'Y_test', 'test_labels', 'test_y', 'test_targets', 'labels_test'],
};

/**
 * The name of the array that holds a part of a dataset.
 *
 * @param names all that the file has
 * @param asked the name that the spec gives, where it does
 * @throws DatasetError where the file has no array of that name, or none of the usual names
 */
export function findArray(names: readonly string[], part: DatasetPart, asked?: string): string {
  const candidates = asked === undefined ? usualNames[part] : [asked];
  const found = candidates.find((name) => names.includes(name));
  if (found !== undefined) return found;
  throw new DatasetError(
    `the uploaded file has no array ${candidates.join(' or ')}, but ${names.join(', ') || 'none'}: ` +
      `name the one with the ${part.replace('_', ' ')} in /dataset/upload/arrays/${part}`,
  );
}
