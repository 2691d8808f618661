import { element } from './element.js';
import { showExperimentList } from './pages/experiment-list.js';
import { showExperiment } from './pages/experiment-page.js';
import { showOperation } from './pages/operation-page.js';
import type { ShowPage } from './pages/page.js';
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
    if (!signal.aborted) room.append(element('p', { role: 'alert', class: 'problem' }, String(error)));
  }
}

addEventListener('hashchange', () => void show());
void show();
