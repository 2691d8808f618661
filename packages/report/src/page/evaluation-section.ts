import type { EvaluateResult, EvaluationAttack, EvaluationCheck, Measurement } from '@retort/contracts';
import { decimal, namedValues, rateText } from '../number-format.js';
import type { ReportInput, ReportJob } from '../report-input.js';
import { html, type Html } from './html.js';
import { rateCell } from './rate-cell.js';

/** Every evaluation with its verdict, the reasons, the checks with their evidence, and the attacks behind it. */
export function evaluationSection({ jobs }: ReportInput): Html | null {
  const evaluations = jobs.flatMap((job) => (job.result?.kind === 'evaluate' ? [{ job, result: job.result }] : []));
  if (evaluations.length === 0) return null;
  return html`<section aria-labelledby="verdicts">
    <h2 id="verdicts">Verdicts</h2>
    <p class="note">
      Robust accuracy: of the images that the net classifies correctly, those that no attack changes within the radius,
      with 95 % Wilson intervals. Naive: what PGD up the float32 cross-entropy at T=1 alone would have reported.
    </p>
    ${verdictTable(evaluations)} ${evaluations.map(({ job, result }) => evaluation(job, result))}
  </section>`;
}

interface Evaluated {
  readonly job: ReportJob;
  readonly result: EvaluateResult;
}

function verdictTable(evaluations: readonly Evaluated[]): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Table of verdicts">
    <table>
      <thead>
        <tr>
          <th scope="col">Evaluation</th>
          <th scope="col">Claim</th>
          <th scope="col">Verdict</th>
          <th scope="col" class="number">Robust accuracy</th>
          <th scope="col" class="number">Naive attack alone</th>
          <th scope="col">Failed checks</th>
        </tr>
      </thead>
      <tbody>
        ${evaluations.map(
          ({ job, result: { verdict, threat, robust_accuracy, naive_robust_accuracy, checks } }) =>
            html`<tr>
              <th scope="row">${job.name}</th>
              <td>${threat.norm} ${threat.epsilon}</td>
              <td><span class="verdict ${verdict}">${verdict}</span></td>
              ${rateCell(robust_accuracy)}${rateCell(naive_robust_accuracy)}
              <td class="meta">${failed(checks).join(', ') || '–'}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function failed(checks: readonly EvaluationCheck[]): string[] {
  return checks.filter(({ status }) => status === 'failed').map(({ title }) => title);
}

function evaluation(job: ReportJob, result: EvaluateResult): Html {
  const { verdict, masking, randomised, threat, reasons, next, robust_accuracy, naive_robust_accuracy } = result;
  const flags = [masking ? 'masking' : '', randomised ? 'randomised' : ''].filter(Boolean).join(', ');
  const place = [`seed ${job.seed}`, namedValues(job.labels.grid)].filter(Boolean).join(', ');
  return html`<article>
    <h3>
      ${job.name}
      <span class="verdict ${verdict}">${verdict}</span> ${flags ? html`<span class="meta">${flags}</span>` : null}
    </h3>
    <p class="meta">
      ${threat.norm} within ${threat.epsilon}, required robust accuracy ${threat.required_accuracy}, effort
      ${threat.effort}, ${place}. Robust accuracy ${rateText(robust_accuracy)}; naive
      ${rateText(naive_robust_accuracy)}.
    </p>
    <ul>
      ${reasons.map((reason) => html`<li>${reason}</li>`)}
    </ul>
    ${
      next.length
        ? html`<p>To run next:</p>
            <ul>
              ${next.map((step) => html`<li>${step}</li>`)}
            </ul>`
        : null
    }
    ${checkTable(result.checks)} ${attackTable(result.attacks)}
  </article>`;
}

function checkTable(checks: readonly EvaluationCheck[]): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Table of checks">
    <table>
      <caption>
        Checks: each asks whether the robustness could be an illusion.
      </caption>
      <thead>
        <tr>
          <th scope="col">Check</th>
          <th scope="col">Outcome</th>
          <th scope="col">Measured</th>
          <th scope="col">Passes where</th>
          <th scope="col">Evidence</th>
        </tr>
      </thead>
      <tbody>
        ${checks.map(
          (check) =>
            html`<tr>
              <th scope="row" title="${check.question} (${check.paper})">${check.title}</th>
              <td><span class="check ${check.status}">${check.status}</span></td>
              <td class="meta">${check.measured.map((each) => html`${measurementText(each)}<br />`)}</td>
              <td class="meta">${check.threshold}</td>
              <td>${check.evidence}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function examplesOf({ attacked, source, within_threat }: EvaluationAttack): string {
  const made = source ? `made on ${source}` : '';
  return [attacked, made, within_threat ? '' : 'beyond the threat'].filter(Boolean).join(', ');
}

function measurementText(measurement: Measurement): string {
  const { what } = measurement;
  return 'rate' in measurement
    ? `${what}: ${rateText(measurement.rate)}`
    : `${what}: ${decimal(measurement.value, Number.isInteger(measurement.value) ? 0 : 3)}`;
}

function attackTable(attacks: readonly EvaluationAttack[]): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Table of the attacks of an evaluation">
    <table>
      <caption>
        Attacks in the order in which they ran. Left standing: images that neither it nor any attack before it fools.
      </caption>
      <thead>
        <tr>
          <th scope="col">Attack</th>
          <th scope="col">On</th>
          <th scope="col" class="number">Success</th>
          <th scope="col" class="number">Left standing</th>
          <th scope="col" class="number">Gradients</th>
          <th scope="col" class="number">Forwards</th>
          <th scope="col">Parameters</th>
        </tr>
      </thead>
      <tbody>
        ${attacks.map(
          (each) =>
            html`<tr>
              <th scope="row">${each.name}</th>
              <td>${examplesOf(each)}</td>
              ${rateCell(each.success)}${rateCell(each.robust_accuracy)}
              <td class="number">${each.gradients}</td>
              <td class="number">${each.forwards}</td>
              <td class="meta">${each.attack}: ${namedValues(each.parameters)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
