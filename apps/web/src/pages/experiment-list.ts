import type { Experiment, Page } from '../answers.js';
import { ask } from '../ask.js';
import { badge, element, table, tableRow } from '../element.js';
import { timeText } from '../number-format.js';
import { repeat, type ShowPage } from './page.js';

/** The newest experiments, with how far each is. */
export const showExperimentList: ShowPage = async (into, signal) => {
  await repeat(signal, 3000, async () => {
    const { data, next } = await ask<Page<Experiment>>('/v1/experiments?limit=50', { signal });
    const older = next ? element('p', { class: 'note' }, 'Older experiments are at /v1/experiments.') : '';
    into.replaceChildren(element('h1', {}, 'Experiments'), data.length ? list(data) : empty(), older);
  });
};

function list(experiments: readonly Experiment[]): HTMLElement {
  const headings = ['Name', 'Status', 'Jobs ended', 'Created', 'Finished'];
  return table('The newest first', headings, experiments.map(line));
}

function line({ id, name, status, jobs, created_at, finished_at }: Experiment): HTMLTableRowElement {
  const ended = jobs.total - jobs.open;
  const progress = element('progress', { max: Math.max(1, jobs.total), value: ended, 'aria-label': 'jobs ended' });
  const count = element('span', {}, progress, ` ${ended} of ${jobs.total}`);
  const link = element('a', { href: `#/experiments/${id}` }, name);
  return tableRow([link, badge(status), count, timeText(created_at), timeText(finished_at)]);
}

function empty(): HTMLElement {
  return element('p', {}, 'There is none yet. ', element('a', { href: '#/submit' }, 'Submit one.'));
}
