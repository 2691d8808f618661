import { decimal, interval, log10Text, percent } from '../number-format.js';
import type { NetRow } from '../summary/summary.js';
import { html, type Html } from './html.js';

/** What was measured of each net's logits, its loss sensitivity and its CLEVER score; null where nothing was. */
export function measureTable(rows: readonly NetRow[]): Html | null {
  const measured = rows.filter(({ logits, loss_sensitivity, clever }) => logits ?? loss_sensitivity ?? clever);
  if (measured.length === 0) return null;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Table of logits, sensitivity and CLEVER">
    <table>
      <caption>
        |logit|: mean and standard deviation over all images and classes. Margin: the label's logit minus the largest
        other, median. Confidence: mean of the largest probability. Calibration error: expected, over 15 bins. Loss
        sensitivity: log10 of the mean L2 of the exact gradient. CLEVER: mean score, an estimate and not a certificate,
        its norm and radius, and the share of its fits that the Kolmogorov-Smirnov test accepts. In brackets: 95 %
        intervals.
      </caption>
      <thead>
        <tr>
          <th scope="col">Net</th>
          <th scope="col" class="number">|logit|</th>
          <th scope="col" class="number">Margin</th>
          <th scope="col" class="number">Confidence</th>
          <th scope="col" class="number">Calibration error</th>
          <th scope="col" class="number">Loss sensitivity</th>
          <th scope="col" class="number">CLEVER</th>
        </tr>
      </thead>
      <tbody>
        ${measured.map(line)}
      </tbody>
    </table>
  </div>`;
}

function line({ label, logits, loss_sensitivity, clever }: NetRow): Html {
  return html`<tr>
    <th scope="row">${label}</th>
    ${logits ? logitCells(logits) : html`<td colspan="4" class="number">–</td>`}
    ${loss_sensitivity ? sensitivityCell(loss_sensitivity) : html`<td class="number">–</td>`}
    ${clever ? cleverCell(clever) : html`<td class="number">–</td>`}
  </tr>`;
}

function logitCells({ abs_logit, margin, confidence, calibration, examples }: NonNullable<NetRow['logits']>): Html {
  const { median_interval } = margin;
  const { mean_interval } = confidence;
  const { error, error_interval } = calibration;
  return html`<td class="number rate">
      ${decimal(abs_logit.mean, 1)} ± ${decimal(abs_logit.standard_deviation, 1)}<small>n=${examples}</small>
    </td>
    <td class="number rate">
      ${decimal(margin.median, 1)}<small
        >[${decimal(median_interval.low, 1)}, ${decimal(median_interval.high, 1)}]</small
      >
    </td>
    <td class="number rate">
      ${decimal(confidence.mean, 3)}<small>[${decimal(mean_interval.low, 3)}, ${decimal(mean_interval.high, 3)}]</small>
    </td>
    <td class="number rate">
      ${decimal(error, 3)}<small>[${decimal(error_interval.low, 3)}, ${decimal(error_interval.high, 3)}]</small>
    </td>`;
}

function sensitivityCell({ l2, examples }: NonNullable<NetRow['loss_sensitivity']>): Html {
  const { low, high } = l2.log10_mean_interval;
  return html`<td class="number rate">
    ${log10Text(l2.log10_mean)}<small>[${decimal(low, 1)}, ${decimal(high, 1)}] n=${examples}</small>
  </td>`;
}

function cleverCell({ score, norm, radius, fit_accepted, examples }: NonNullable<NetRow['clever']>): Html {
  const { low, high } = score.mean_interval;
  const fits = fit_accepted.of
    ? `fits accepted: ${fit_accepted.count}/${fit_accepted.of} = ${percent(fit_accepted.rate)} ${interval(fit_accepted)}`
    : 'no fit needed';
  return html`<td class="number rate">
    ${decimal(score.mean, 3)} ${norm}, radius ${radius}<small
      >[${decimal(low, 3)}, ${decimal(high, 3)}] n=${examples}; ${fits}</small
    >
  </td>`;
}
