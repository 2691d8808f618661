import type { EvaluationCheck, Rate } from '@retort/contracts';
import { rateOf } from '@retort/statistics';
import { counted } from '../wording.js';

/** The share of all examples that twice the effort may still gain. */
const GAINED = 0.02;

/**
 * Whether more steps and new starts still fool the net on examples that every attack had left standing.
 *
 * @param examples in all
 * @param more what twice the steps and restarts fooled of those still standing
 */
export function convergence(examples: number, more: Rate): EvaluationCheck {
  const gained = rateOf(more.count, examples);
  return {
    name: 'convergence',
    title: 'Convergence',
    question: 'Have the attacks converged, so that twice the steps from new starts gain nothing?',
    concern: 'illusion',
    measured: [
      { what: 'fooled by twice the effort, of those that stood', rate: more },
      { what: 'the same, of all examples', rate: gained },
    ],
    threshold: `it gains at most ${100 * GAINED} % of all examples`,
    status: more.count > GAINED * examples ? 'failed' : 'passed',
    evidence:
      more.of === 0
        ? 'No example was left standing.'
        : `Twice the steps from new starts fool the net on ${counted(more.count, 'more example')} of the ${more.of} that stood.`,
    paper: 'Carlini et al. 2019, arXiv 1902.06705, section 4.5; Tramèr et al. 2020, arXiv 2002.08347',
  };
}
