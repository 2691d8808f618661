import { namedValues } from '../number-format.js';
import type { ReportJob } from '../report-input.js';
import { html, type Html } from './html.js';

/** What made each result, so that it can be made again. */
export function provenanceTable(jobs: readonly ReportJob[]): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Table of provenance">
      <table>
        <thead>
          <tr>
            <th scope="col">Job</th>
            <th scope="col">Seed</th>
            <th scope="col">Engine</th>
            <th scope="col">Versions</th>
            <th scope="col" class="number">Threads</th>
            <th scope="col">Device</th>
            <th scope="col">Code</th>
            <th scope="col">Dataset</th>
            <th scope="col">Fingerprint</th>
            <th scope="col" class="number">Seconds</th>
            <th scope="col">Reused from</th>
          </tr>
        </thead>
        <tbody>
          ${jobs.filter(({ result }) => result !== null).map(line)}
        </tbody>
      </table>
    </div>
    <p class="note">
      Hashes are cut to 12 digits here; the API has them whole. Seconds: wall time in the compute process, for
      information only.
    </p>`;
}

function line(job: ReportJob): Html {
  const { engine, code_version, dataset, compute_seconds, seed } = job.result!.provenance;
  const grid = namedValues(job.labels.grid);
  return html`<tr>
    <th scope="row">${job.name}${grid ? html`<br /><span class="meta">${grid}</span>` : null}</th>
    <td>${seed}</td>
    <td>${engine.name}</td>
    <td class="meta">${namedValues(engine.versions)}</td>
    <td class="number">${engine.threads}</td>
    <td>${engine.device}</td>
    <td class="hash">${code_version}</td>
    <td>${dataset.name} <span class="hash">${short(dataset.sha256)}</span></td>
    <td class="hash">${short(job.fingerprint ?? '–')}</td>
    <td class="number">${compute_seconds.toFixed(1)}</td>
    <td class="hash">${job.reused_from ?? '–'}</td>
  </tr>`;
}

function short(hash: string): string {
  return hash.slice(0, 12);
}
