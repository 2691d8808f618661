import type { Problem, Session } from '../answers.js';
import { ask, RefusedError } from '../ask.js';
import { element } from '../element.js';

/** A form for an API key, which the browser then keeps in a cookie that no script can read. */
export function showSignIn(into: HTMLElement, why: Problem, onSignedIn: () => void): void {
  const key = element('input', { id: 'key', type: 'password', autocomplete: 'off', required: true, size: 60 });
  const problem = element('p', { role: 'alert', class: 'problem' }, why.detail);
  const button = element('button', { type: 'submit' }, 'Sign in');
  const form = element('form', {}, element('label', { for: 'key' }, 'API key'), key, ' ', button);
  form.addEventListener('submit', (submission) => {
    submission.preventDefault();
    button.disabled = true;
    const headers = { 'content-type': 'application/json' };
    ask<Session>('/v1/session', { method: 'POST', headers, body: JSON.stringify({ key: key.value.trim() }) })
      .then(onSignedIn)
      .catch((error: unknown) => {
        problem.textContent = error instanceof RefusedError ? error.problem.detail : String(error);
      })
      .finally(() => (button.disabled = false));
  });
  into.replaceChildren(element('h1', {}, why.title), form, problem);
}

/** Names whose key the session has, with a way to end it; nothing where none is needed. */
export async function showAccount(into: HTMLElement, onSignedOut: () => void): Promise<void> {
  into.replaceChildren();
  const session = await ask<Session>('/v1/session').catch((error: unknown) => {
    if (error instanceof RefusedError) return undefined;
    throw error;
  });
  if (!session || session.open) return;
  const button = element('button', { type: 'button' }, 'Sign out');
  button.addEventListener('click', () => void ask('/v1/session', { method: 'DELETE' }).then(onSignedOut));
  into.replaceChildren(`${session.name} `, button);
}
