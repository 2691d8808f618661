import { RefusedError } from './ask.js';
import { element } from './element.js';
import { showExperimentList } from './pages/experiment-list.js';
import { showExperiment } from './pages/experiment-page.js';
import { showOperation } from './pages/operation-page.js';
import type { ShowPage } from './pages/page.js';
import { showAccount, showSignIn } from './pages/sign-in.js';
import { showSubmit } from './pages/submit-page.js';

let leaving = new AbortController();

function pageAt(hash: string): ShowPage {
  const [, page = '', id = ''] = hash.replace(/^#/, '').split('/');
  if (page === 'experiments' && id) return showExperiment(encodeURIComponent(id));
  if (page === 'operation') return showOperation;
  if (page === 'submit') return showSubmit;
  return showExperimentList;
}

/** Shows the page that the address names, and ends the one before. */
async function show(): Promise<void> {
  leaving.abort();
  leaving = new AbortController();
  const { signal } = leaving;
  // Each page has a room of its own, so that an answer that comes late cannot write over the next page.
  const room = element('div');
  document.querySelector('main')!.replaceChildren(room);
  try {
    await pageAt(location.hash)(room, signal);
  } catch (error) {
    if (signal.aborted) return;
    if (error instanceof RefusedError && error.problem.status === 401) showSignIn(room, error.problem, begin);
    else room.append(element('p', { role: 'alert', class: 'problem' }, String(error)));
  }
}

/** Shows who is signed in, and the page. */
function begin(): void {
  void showAccount(document.querySelector('#account')!, begin);
  void show();
}

addEventListener('hashchange', () => void show());
begin();
