import { expect } from 'vitest';

/**
 * Every attacked pixel of a safetensors file is in [0, 1], and within a radius of the original in Linf.
 *
 * The file is read by its format's own definition, not by the code that wrote it.
 */
export function expectInside(file: Buffer, { count, epsilon }: { count: number; epsilon: number }): void {
  const headerLength = Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.subarray(8, 8 + headerLength).toString()) as Record<
    string,
    { data_offsets: [number, number] }
  >;
  const read = (name: string) => {
    const [begin, end] = header[name]!.data_offsets;
    const values = file.subarray(8 + headerLength + begin, 8 + headerLength + end);
    return Float32Array.from({ length: values.length / 4 }, (_, index) => values.readFloatLE(index * 4));
  };
  const [original, adversarial] = [read('original'), read('adversarial')];
  expect(adversarial).toHaveLength(count * 784);
  const furthest = adversarial.reduce((max, pixel, at) => Math.max(max, Math.abs(pixel - original[at]!)), 0);
  expect(furthest).toBeLessThanOrEqual(epsilon + 1e-6);
  expect(Math.min(...adversarial)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...adversarial)).toBeLessThanOrEqual(1);
}
