/** An answer of the API that was no success, in the API's own words. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
}

interface Problem {
  title?: string;
  detail?: string;
  problems?: { pointer: string; message: string; remedy: string }[];
}

/**
 * The data of an answer.
 *
 * @throws ApiError with the place and the remedy of each problem
 */
export function expectAnswer<T>({ data, error, response }: { data?: T; error?: unknown; response: Response }): T {
  if (response.ok) return data as T;
  const { title, detail, problems = [] } = (error ?? {}) as Problem;
  // A single problem is the detail already.
  const list = (problems.length > 1 ? problems : []).map(
    ({ pointer, message, remedy }) => `\n  ${pointer || 'the spec'}: ${message}; ${remedy}`,
  );
  throw new ApiError(`the API answered ${response.status}: ${detail ?? title ?? response.statusText}${list.join('')}`);
}
