/** A named tensor of 32-bit floats. */
export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** What a safetensors file holds. */
export interface Safetensors {
  readonly tensors: readonly NamedTensor[];
  readonly metadata: Readonly<Record<string, string>>;
}

const lengthBytes = 8;
const alignment = 8;
const metadataKey = '__metadata__';

/** The error of bytes that are not the safetensors file that they should be. */
export class SafetensorsError extends Error {
  override readonly name = 'SafetensorsError';
}

/**
 * Tensors as a safetensors file (https://github.com/huggingface/safetensors#format), which Python reads as it is: the
 * length of the header in 8 little-endian bytes, the header in JSON padded with spaces, and the numbers, little-endian.
 *
 * The same tensors and metadata give the same bytes.
 *
 * @param metadata strings about the whole file
 */
export function encodeSafetensors(
  tensors: readonly NamedTensor[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const entries: Record<string, unknown> = { [metadataKey]: metadata };
  let end = 0;
  for (const { name, shape, values } of tensors) {
    const begin = end;
    end += values.length * Float32Array.BYTES_PER_ELEMENT;
    entries[name] = { dtype: 'F32', shape, data_offsets: [begin, end] };
  }
  const header = new TextEncoder().encode(JSON.stringify(entries));
  const start = Math.ceil((lengthBytes + header.length) / alignment) * alignment;

  const file = new Uint8Array(start + end).fill(0x20, lengthBytes, start);
  const view = new DataView(file.buffer);
  view.setBigUint64(0, BigInt(start - lengthBytes), true);
  file.set(header, lengthBytes);
  let at = start;
  for (const { values } of tensors) {
    for (const value of values) {
      view.setFloat32(at, value, true);
      at += Float32Array.BYTES_PER_ELEMENT;
    }
  }
  return file;
}

/**
 * The tensors of a safetensors file.
 *
 * @throws SafetensorsError when the file is cut off, is not of this format, holds another type than 32-bit floats, or
 *   its tensors overlap or leave gaps
 */
export function decodeSafetensors(bytes: Uint8Array): Safetensors {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { header, start } = readHeader(bytes, view);
  const { [metadataKey]: metadata = {}, ...entries } = header;
  const tensors = Object.entries(entries)
    .map(([name, entry]) => readEntry(name, entry))
    .sort((one, other) => one.begin - other.begin || one.end - other.end);

  let expected = 0;
  for (const { name, begin, end } of tensors) {
    if (begin !== expected) {
      throw new SafetensorsError(`tensor '${name}' begins at byte ${begin} of the data, but should at ${expected}`);
    }
    expected = end;
  }
  if (start + expected !== bytes.length) {
    throw new SafetensorsError(`the file has ${bytes.length} bytes, but its header describes ${start + expected}`);
  }
  return {
    metadata: readMetadata(metadata),
    tensors: tensors.map(({ name, shape, begin, end }) => ({
      name,
      shape,
      values: Float32Array.from({ length: (end - begin) / 4 }, (_, index) =>
        view.getFloat32(start + begin + index * 4, true),
      ),
    })),
  };
}

/**
 * The tensor of this name.
 *
 * @throws SafetensorsError when it is absent or has another shape
 */
export function tensorNamed(tensors: readonly NamedTensor[], name: string, shape: readonly number[]): NamedTensor {
  const found = tensors.find((each) => each.name === name);
  if (!found) {
    const present = tensors.map((each) => each.name).join(', ') || 'none';
    throw new SafetensorsError(`tensor '${name}' is absent; the file holds ${present}`);
  }
  if (found.shape.join() !== shape.join()) {
    throw new SafetensorsError(`tensor '${name}' has shape [${found.shape.join(', ')}], not [${shape.join(', ')}]`);
  }
  return found;
}

function readHeader(bytes: Uint8Array, view: DataView): { header: Record<string, unknown>; start: number } {
  if (bytes.length < lengthBytes) {
    throw new SafetensorsError(`a safetensors file has at least ${lengthBytes} bytes, not ${bytes.length}`);
  }
  const length = Number(view.getBigUint64(0, true));
  const start = lengthBytes + length;
  if (start > bytes.length) {
    throw new SafetensorsError(
      `the header should have ${length} bytes, but only ${bytes.length - lengthBytes} follow: the file is cut off or no safetensors file`,
    );
  }
  const text = new TextDecoder().decode(bytes.subarray(lengthBytes, start));
  const header = parseJson(text);
  if (!isRecord(header)) throw new SafetensorsError('the header is not a JSON object');
  return { header, start };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new SafetensorsError('the header is not JSON', { cause });
  }
}

function readEntry(name: string, entry: unknown): { name: string; shape: number[]; begin: number; end: number } {
  if (!isRecord(entry) || !isCounts(entry.shape) || !isCounts(entry.data_offsets) || entry.data_offsets.length !== 2) {
    throw new SafetensorsError(`tensor '${name}' needs a dtype, a shape and two data_offsets`);
  }
  if (entry.dtype !== 'F32') {
    throw new SafetensorsError(`tensor '${name}' has dtype ${String(entry.dtype)}; only F32 is read`);
  }
  const [begin, end] = entry.data_offsets as [number, number];
  const values = entry.shape.reduce((product, extent) => product * extent, 1);
  if (end - begin !== values * 4) {
    throw new SafetensorsError(
      `tensor '${name}' of shape [${entry.shape.join(', ')}] needs ${values * 4} bytes, but its offsets span ${end - begin}`,
    );
  }
  return { name, shape: entry.shape, begin, end };
}

function readMetadata(metadata: unknown): Record<string, string> {
  if (isRecord(metadata) && Object.values(metadata).every((value) => typeof value === 'string')) {
    return metadata as Record<string, string>;
  }
  throw new SafetensorsError('__metadata__ holds strings only');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((each) => Number.isSafeInteger(each) && (each as number) >= 0);
}
