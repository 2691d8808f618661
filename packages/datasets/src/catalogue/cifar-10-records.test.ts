import { expect, it } from 'vitest';
import { readRecords, writeRecords } from './cifar-10-records.js';

it('puts the planes of red, green and blue innermost, and back', () => {
  // Byte i of the planes of a record is i modulo 251, so that each place has a value of its own nearby.
  const record = (label: number) => Uint8Array.from([label, ...Array.from({ length: 3072 }, (_, at) => at % 251)]);
  const two = Uint8Array.from([...record(7), ...record(2)]);
  const { images, labels } = readRecords([two, record(9)]);
  expect([...labels]).toEqual([7, 2, 9]);
  expect(images.shape).toEqual([3, 32, 32, 3]);
  // The first pixel has the first value of each plane; the second row's first pixel the thirty-third.
  expect([...images.values.subarray(0, 3)]).toEqual([0, 1024 % 251, 2048 % 251]);
  expect([...images.values.subarray(3072 + 96, 3072 + 99)]).toEqual([32, 1056 % 251, 2080 % 251]);
  expect(writeRecords(images.values, [...labels])).toEqual(Uint8Array.from([...two, ...record(9)]));
});
