/** An engine has no memory left for a tensor; nothing else of it is harmed. */
export class OutOfMemory extends Error {
  override readonly name = 'OutOfMemory';
}

/**
 * How engines that throw errors of their own say that memory ran out: TensorFlow by its status 8 (RESOURCE_EXHAUSTED) or
 * C++, JavaScript where an array finds no room.
 */
const SAYINGS = [
  /Invalid TF_Status: 8\b/,
  /OOM when allocating/,
  /RESOURCE_EXHAUSTED|ResourceExhausted/,
  /std::bad_alloc/,
  /Array buffer allocation failed/,
];

/** Whether an error says that memory ran out, so that less at a time may do. */
export function isOutOfMemory(error: unknown): boolean {
  if (error instanceof OutOfMemory) return true;
  return error instanceof Error && SAYINGS.some((saying) => saying.test(error.message));
}
