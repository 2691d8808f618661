import { expect } from 'vitest';

/**
 * The arrays of a safetensors file of float32, by name.
 *
 * The file is read by its format's own definition, not by the code that wrote it.
 */
export function readSafetensors(file: Buffer): Record<string, { shape: number[]; values: Float32Array }> {
  const headerLength = Number(file.readBigUInt64LE(0));
  const { __metadata__, ...header } = JSON.parse(file.subarray(8, 8 + headerLength).toString()) as Record<
    string,
    { data_offsets: [number, number]; shape: number[] }
  >;
  const arrays = Object.entries(header).map(([name, { data_offsets, shape }]) => {
    const bytes = file.subarray(8 + headerLength + data_offsets[0], 8 + headerLength + data_offsets[1]);
    const values = Float32Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readFloatLE(index * 4));
    return [name, { shape, values }];
  });
  return Object.fromEntries(arrays) as Record<string, { shape: number[]; values: Float32Array }>;
}

/** Every attacked pixel of a safetensors file is in [0, 1], and within a radius of the original in Linf. */
export function expectInside(file: Buffer, { count, epsilon }: { count: number; epsilon: number }): void {
  const arrays = readSafetensors(file);
  const [original, adversarial] = [arrays.original!.values, arrays.adversarial!.values];
  expect(adversarial).toHaveLength(count * 784);
  const furthest = adversarial.reduce((max, pixel, at) => Math.max(max, Math.abs(pixel - original[at]!)), 0);
  expect(furthest).toBeLessThanOrEqual(epsilon + 1e-6);
  expect(Math.min(...adversarial)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...adversarial)).toBeLessThanOrEqual(1);
}
