import type { Experiment, Problem } from '../answers.js';
import { ask, RefusedError } from '../ask.js';
import { element, table, tableRow } from '../element.js';
import type { ShowPage } from './page.js';

/** A form for a recipe; what is wrong with it is listed by its place. */
export const showSubmit: ShowPage = (into) => {
  const recipe = element('textarea', { id: 'recipe', rows: 28, spellcheck: 'false', required: true });
  const problems = element('div', { role: 'alert' });
  const button = element('button', { type: 'submit' }, 'Submit');
  const label = element('label', { for: 'recipe' }, 'An experiment config as JSON; the folder recipes/ has some.');
  const form = element('form', {}, label, recipe, button, problems);
  form.addEventListener('submit', (submission) => {
    submission.preventDefault();
    button.disabled = true;
    void submit(recipe.value, problems).finally(() => (button.disabled = false));
  });
  into.replaceChildren(element('h1', {}, 'Submit an experiment'), form);
  return Promise.resolve();
};

async function submit(recipe: string, problems: HTMLElement): Promise<void> {
  problems.replaceChildren();
  try {
    const headers = { 'content-type': 'application/json' };
    const { id } = await ask<Experiment>('/v1/experiments', { method: 'POST', headers, body: recipe });
    location.hash = `#/experiments/${id}`;
  } catch (error) {
    problems.append(...(error instanceof RefusedError ? explain(error.problem) : [String(error)]));
  }
}

function explain({ title, detail, problems = [] }: Problem): HTMLElement[] {
  const heading = element('h2', { class: 'problem' }, title);
  if (problems.length === 0) return [heading, element('p', {}, detail)];
  const lines = problems.map(({ pointer, message, remedy }) =>
    tableRow([element('code', {}, pointer || '(the whole)'), message, remedy]),
  );
  return [
    heading,
    table('What is wrong, by its place in the recipe', ['Place', 'What is wrong', 'What would be right'], lines),
  ];
}
