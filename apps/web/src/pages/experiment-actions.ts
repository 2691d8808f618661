import type { Experiment } from '../answers.js';
import { ask } from '../ask.js';
import { element } from '../element.js';

type Action = 'pause' | 'resume' | 'cancel' | 'retry';

/**
 * A button for each thing that may be done to an experiment as it is.
 *
 * @param trouble where it is said why something could not be done
 * @param onChanged is given the experiment as it is afterwards
 */
export function experimentActions(
  experiment: Experiment,
  trouble: HTMLElement,
  onChanged: (experiment: Experiment) => void,
): HTMLButtonElement[] {
  return possible(experiment).map((action) => {
    const button = element('button', { type: 'button' }, action[0]!.toUpperCase() + action.slice(1));
    button.addEventListener('click', () => {
      button.disabled = true;
      trouble.replaceChildren();
      ask<Experiment>(`/v1/experiments/${experiment.id}/${action}`, { method: 'POST' })
        .then((answer) => {
          // A retry is another experiment.
          if (answer.id === experiment.id) onChanged(answer);
          else location.hash = `#/experiments/${answer.id}`;
        })
        .catch((error: unknown) => trouble.replaceChildren(element('p', { class: 'problem' }, String(error))))
        .finally(() => (button.disabled = false));
    });
    return button;
  });
}

function possible({ status, finished_at, jobs }: Experiment): Action[] {
  if (finished_at !== null) return status === 'succeeded' ? [] : ['retry'];
  const { paused } = jobs.by_status;
  return [...(jobs.open > paused ? ['pause' as const] : []), ...(paused > 0 ? ['resume' as const] : []), 'cancel'];
}
