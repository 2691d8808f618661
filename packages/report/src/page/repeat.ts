import type { ReportExperiment } from '../report-input.js';
import { html, type Html } from './html.js';

/** How to run the same experiment again against any Retort, named by `$RETORT_URL`. */
export function repeatSection({ spec }: ReportExperiment): Html {
  const command = [
    `curl --request POST "$RETORT_URL/v1/experiments" \\`,
    `  --header 'Content-Type: application/json' --data @- <<'SPEC'`,
    JSON.stringify({ ...spec, reuse: false }, null, 2),
    'SPEC',
  ].join('\n');
  return html`<p>
      Post the same spec again; <code>"reuse": false</code> computes every job anew instead of taking over equal ones.
      On a CPU engine with one thread, equal seeds and versions give equal weights.
    </p>
    <pre tabindex="0">${command}</pre>`;
}
