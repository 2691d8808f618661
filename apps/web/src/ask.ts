import type { Problem } from './answers.js';

/** An answer of the API that says what was wrong. */
export class RefusedError extends Error {
  constructor(readonly problem: Problem) {
    super(`${problem.title}: ${problem.detail}`);
  }
}

/**
 * Asks the API for JSON.
 *
 * @throws RefusedError with what the API says was wrong.
 */
export async function ask<Answer>(path: string, request: RequestInit = {}): Promise<Answer> {
  const response = await fetch(path, { ...request, headers: { accept: 'application/json', ...request.headers } });
  if (response.status === 204) return undefined as Answer;
  if (response.ok) return (await response.json()) as Answer;
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json');
  if (isProblem) throw new RefusedError((await response.json()) as Problem);
  const { status, statusText } = response;
  throw new RefusedError({ title: `${status} ${statusText}`, status, detail: `${path} gave no reason` });
}
