import { namedValues } from '../number-format.js';
import type { Gap } from '../summary/summary.js';
import { html, type Html } from './html.js';

/** The jobs without a result, each with its reason. */
export function gapTable(gaps: readonly Gap[]): Html {
  if (gaps.length === 0) return html`<p>Every job has a result.</p>`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Table of jobs without a result">
    <table>
      <thead>
        <tr>
          <th scope="col">Job</th>
          <th scope="col">Seed</th>
          <th scope="col">Grid</th>
          <th scope="col">Status</th>
          <th scope="col">Reason</th>
          <th scope="col">Detail</th>
        </tr>
      </thead>
      <tbody>
        ${gaps.map(
          (gap) =>
            html`<tr>
              <th scope="row">${gap.name}</th>
              <td>${gap.seed}</td>
              <td>${namedValues(gap.grid) || '–'}</td>
              <td class="failed">${gap.status}</td>
              <td>${gap.reason ?? '–'}</td>
              <td>${gap.detail ?? '–'}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
