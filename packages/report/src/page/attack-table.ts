import type { Rate, Verification } from '@retort/contracts';
import { decimal, namedValues } from '../number-format.js';
import type { AttackCell, NetRow } from '../summary/summary.js';
import { html, type Html } from './html.js';
import { rateCell } from './rate-cell.js';

/** Every attack on every net, with its denominator, its distances and the classes that it was measured on. */
export function attackTable(rows: readonly NetRow[]): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Table of attacks">
    <table>
      <caption>
        Success: share of the attacked images that end in a class the attack wants, with its 95 % Wilson interval and
        counts. Against reference: success divided by the same attack's on the reference net. Pixels, L2 and Linf: means
        over successes only, pixel range 0 to 1. No gradient: images that never had a gradient or saliency map other
        than zero, so that nothing led the attack. Members of an ensemble: success over the images that each was given,
        and how many of its images were kept. Classes: images of class 0, 1, 2 … in the denominator.
      </caption>
      <thead>
        <tr>
          <th scope="col">Attack</th>
          <th scope="col">Kind</th>
          <th scope="col" class="number">Success</th>
          <th scope="col" class="number">Against reference</th>
          <th scope="col" class="number">Pixels changed</th>
          <th scope="col" class="number">L2</th>
          <th scope="col" class="number">Linf</th>
          <th scope="col" class="number">No gradient</th>
          <th scope="col">Classes</th>
        </tr>
      </thead>
      ${rows.filter(({ attacks }) => attacks.length > 0).map(netBody)}
    </table>
  </div>`;
}

function netBody(row: NetRow): Html {
  return html`<tbody>
    <tr class="net">
      <th scope="rowgroup" colspan="9">${row.label} <span class="meta">${row.made}</span></th>
    </tr>
    ${row.attacks.map(attackLine)}
  </tbody>`;
}

function attackLine(cell: AttackCell): Html {
  const ratio = cell.ratio === null ? '–' : `${cell.ratio.toFixed(2)} ×`;
  return html`<tr>
      <th scope="row">${cell.name}</th>
      <td><span class="${cell.approach}">${cell.approach}</span></td>
      ${rateCell(cell.success, cell.status)}
      <td class="number">${ratio}</td>
      <td class="number">${decimal(cell.mean_pixels_changed, 1)}</td>
      <td class="number">${decimal(cell.mean_l2)}</td>
      <td class="number">${decimal(cell.mean_linf)}</td>
      <td class="number">${cell.no_gradient ?? '–'}</td>
      <td class="classes">${cell.class_histogram.join(' ')}</td>
    </tr>
    ${cell.source_success ? sourceLine(cell.source, cell.source_success) : ''}
    ${cell.verification ? verificationLine(cell.verification) : ''}${cell.members.map(memberLine)}`;
}

function sourceLine(source: string | null, success: Rate): Html {
  return html`<tr class="member">
    <th scope="row">on ${source}</th>
    <td>source</td>
    ${rateCell(success)}
    <td colspan="6">the net that the images were made on</td>
  </tr>`;
}

function verificationLine(found: Verification): Html {
  const { images, refused, other_originals, rescaled_originals, other_labels } = found;
  return html`<tr class="member">
    <th scope="row">as uploaded</th>
    <td>verified</td>
    <td colspan="7">
      ${images} images in the file; refused: ${refused.not_finite} not finite, ${refused.outside_box} outside 0 to 1,
      ${refused.beyond_epsilon} beyond epsilon; other than the dataset's: ${other_originals} originals
      (${rescaled_originals} but rescaled), ${other_labels} labels
    </td>
  </tr>`;
}

function memberLine({ name, success, kept }: AttackCell['members'][number]): Html {
  return html`<tr class="member">
    <th scope="row">${name}</th>
    <td>member</td>
    ${rateCell(success)}
    <td colspan="6">${kept} kept</td>
  </tr>`;
}

/** What each attack is and what it follows; an attack that follows something else on another net stands there again. */
export function attackKey(rows: readonly NetRow[]): Html {
  const cells = new Map<string, AttackCell>();
  for (const { attacks } of rows) {
    for (const cell of attacks) cells.set(JSON.stringify([cell.name, cell.follows, cell.parameters]), cell);
  }
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Table of what each attack is">
    <table>
      <thead>
        <tr>
          <th scope="col">Attack</th>
          <th scope="col">Algorithm</th>
          <th scope="col">Follows</th>
          <th scope="col">Parameters</th>
        </tr>
      </thead>
      <tbody>
        ${[...cells.values()].map(keyLine)}
      </tbody>
    </table>
  </div>`;
}

function keyLine({ name, attack, approach, follows, parameters }: AttackCell): Html {
  return html`<tr>
    <th scope="row">${name}</th>
    <td>${attack}</td>
    <td><span class="${approach}">${approach}</span>: ${follows}</td>
    <td class="meta">${namedValues(parameters)}</td>
  </tr>`;
}
