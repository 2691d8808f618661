import { describe, expect, it } from 'vitest';
import { decodeSafetensors, encodeSafetensors, SafetensorsError } from './safetensors.js';

/** A file with this header, as written by any other program. */
function fileOf(header: string, data: readonly number[] = []): Uint8Array {
  const text = new TextEncoder().encode(header);
  return Uint8Array.from([text.length, 0, 0, 0, 0, 0, 0, 0, ...text, ...data]);
}

const entry = '{"dtype":"F32","shape":[1],"data_offsets":[0,4]}';

describe('encodeSafetensors', () => {
  it('writes the bytes that the format asks for', () => {
    const file = encodeSafetensors([{ name: 'a', shape: [1, 2], values: Float32Array.of(1, -2) }], { by: 'hand' });
    const header = '{"__metadata__":{"by":"hand"},"a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}';
    const padded = header.padEnd(Math.ceil(header.length / 8) * 8);
    expect(Buffer.from(file.subarray(0, 8)).readBigUInt64LE()).toBe(BigInt(padded.length));
    expect(Buffer.from(file.subarray(8, 8 + padded.length)).toString()).toBe(padded);
    expect([...file.subarray(8 + padded.length)]).toEqual([0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]);
  });

  it('comes back bit for bit, wherever the bytes lie', () => {
    const tensors = [
      { name: 'z', shape: [2, 2], values: Float32Array.of(0.1, -0, 3e-45, 3.4e38) },
      { name: 'a', shape: [], values: Float32Array.of(Infinity) },
      { name: 'empty', shape: [0, 3], values: new Float32Array() },
    ];
    const file = encodeSafetensors(tensors, { note: 'ü' });
    const shifted = new Uint8Array(file.length + 3);
    shifted.set(file, 3);
    const decoded = decodeSafetensors(shifted.subarray(3));
    expect(decoded.metadata).toEqual({ note: 'ü' });
    expect(new Map(decoded.tensors.map((each) => [each.name, each]))).toEqual(
      new Map(tensors.map((each) => [each.name, each])),
    );
  });
});

describe('decodeSafetensors', () => {
  it('reads a file of another program, whose tensors stand in another order than their bytes', () => {
    const file = fileOf(
      '{"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
      [0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0],
    );
    const { tensors, metadata } = decodeSafetensors(file);
    expect(metadata).toEqual({});
    expect(tensors).toEqual([
      { name: 'a', shape: [1], values: Float32Array.of(1) },
      { name: 'b', shape: [1], values: Float32Array.of(-2) },
    ]);
  });

  it.each<[string, Uint8Array, string]>([
    ['no file', new Uint8Array(3), 'at least 8 bytes, not 3'],
    ['a header longer than the file', fileOf('{}').subarray(0, 9), 'the header should have 2 bytes, but only 1 follow'],
    ['a header that is no JSON', fileOf('{a}'), 'the header is not JSON'],
    ['a header that is no object', fileOf('[1]'), 'not a JSON object'],
    ['a cut tail', fileOf(`{"a":${entry}}`, [0, 0]), 'bytes, but its header describes'],
    ['a longer tail', fileOf(`{"a":${entry}}`, [0, 0, 0, 0, 0]), 'bytes, but its header describes'],
    [
      'an overlap',
      fileOf(`{"a":${entry},"b":${entry}}`, [0, 0, 0, 0]),
      "'b' begins at byte 0 of the data, but should at 4",
    ],
    ['a gap', fileOf(`{"a":${entry.replace('[0,4]', '[4,8]')}}`, [0, 0, 0, 0, 0, 0, 0, 0]), 'begins at byte 4'],
    ['a shape that needs more', fileOf(`{"a":${entry.replace('[1]', '[2]')}}`, [0, 0, 0, 0]), 'needs 8 bytes'],
    ['another type', fileOf(`{"a":${entry.replace('F32', 'BF16')}}`, [0, 0, 0, 0]), 'dtype BF16; only F32 is read'],
    ['a negative shape', fileOf(`{"a":${entry.replace('[1]', '[-1]')}}`, [0, 0, 0, 0]), 'needs a dtype, a shape'],
    ['an entry without offsets', fileOf('{"a":{"dtype":"F32","shape":[1]}}'), 'two data_offsets'],
    ['metadata that is no string', fileOf('{"__metadata__":{"a":1}}'), 'strings only'],
  ])('refuses %s', (_, file, message) => {
    expect(() => decodeSafetensors(file)).toThrow(SafetensorsError);
    expect(() => decodeSafetensors(file)).toThrow(message);
  });
});
