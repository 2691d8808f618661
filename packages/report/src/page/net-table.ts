import { log10Text } from '../number-format.js';
import type { NetRow } from '../summary/summary.js';
import { html, type Html } from './html.js';
import { rateCell } from './rate-cell.js';

/** One row a net: how it was made, its accuracy, its gradient and the verdict. */
export function netTable(rows: readonly NetRow[]): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Table of nets">
    <table>
      <caption>
        T: softmax temperature in training and in deployment. Accuracy: on the test images. Gradient: of the
        cross-entropy at T=1, its largest component, combined in log space. In brackets: 95 % Wilson intervals, then
        counts.
      </caption>
      <thead>
        <tr>
          <th scope="col">Net</th>
          <th scope="col">How made</th>
          <th scope="col" class="number">T</th>
          <th scope="col" class="number">T deployed</th>
          <th scope="col" class="number">Accuracy</th>
          <th scope="col" class="number">Median log10 |gradient|</th>
          <th scope="col" class="number">Zero in float32</th>
          <th scope="col" class="number">Wrong direction in float32</th>
          <th scope="col">Verdict</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(netLine)}
      </tbody>
    </table>
  </div>`;
}

function netLine(row: NetRow): Html {
  const state = row.status === 'succeeded' ? null : html` <span class="failed">(${row.status ?? 'no job'})</span>`;
  return html`<tr>
    <th scope="row">${row.label}${state}</th>
    <td>${row.made}</td>
    <td class="number">${temperatureText(row.training_temperature)}</td>
    <td class="number">${temperatureText(row.deployment_temperature)}</td>
    ${rateCell(row.test_accuracy)}
    <td class="number">${log10Text(row.median_log10_gradient)}</td>
    ${rateCell(row.float32_zero)}${rateCell(row.wrong_direction)}
    <td><span class="verdict ${row.verdict}">${row.verdict}</span></td>
  </tr>`;
}

function temperatureText(temperature: number | null): string {
  return temperature === null ? '–' : String(temperature);
}
