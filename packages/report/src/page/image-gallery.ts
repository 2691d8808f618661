import type { AttackResult } from '@retort/contracts';
import { encode } from 'fast-png';
import { namedValues } from '../number-format.js';
import type { ReportJob } from '../report-input.js';
import { html, type Html } from './html.js';

type Sample = AttackResult['samples'][number];

/** More galleries than these would make the page too large to send; the artifacts have every image. */
const MAX_GALLERIES = 60;
const SAMPLES_EACH = 4;

/** Attacked images side by side: original, adversarial, and their difference around middle grey. */
export function imageGallery(jobs: readonly ReportJob[]): Html {
  const attacked = jobs.filter((job) => samplesOf(job).length > 0);
  if (attacked.length === 0) return html`<p>There are no attacked images.</p>`;
  const shown = attacked.slice(0, MAX_GALLERIES);
  const count = `${shown.length} of ${attacked.length} attacks, at most ${SAMPLES_EACH} images each`;
  return html`<p class="note">
      Original, adversarial image, and their difference (middle grey: no change). Shown: ${count}.
    </p>
    ${shown.map(gallery)}`;
}

function gallery(job: ReportJob): Html {
  const samples = samplesOf(job).slice(0, SAMPLES_EACH);
  return html`<h3>${job.name} <span class="meta">${placeOf(job)}</span></h3>
    <div class="gallery">${samples.map(figure)}</div>`;
}

function samplesOf({ result }: ReportJob): readonly Sample[] {
  return result?.kind === 'attack' || result?.kind === 'evaluate' ? result.samples : [];
}

function placeOf({ seed, labels }: ReportJob): string {
  return [`seed ${seed}`, namedValues(labels.grid)].filter(Boolean).join(', ');
}

function figure(sample: Sample): Html {
  const { index, label, predicted, success } = sample;
  const outcome = success ? '' : ' (no success)';
  const caption = html`<figcaption>${label} → ${predicted}${outcome}, test image ${index}</figcaption>`;
  const images = imagesOf(sample);
  if (typeof images === 'string')
    return html`<figure class="sample">
      <p class="failed">${images}</p>
      ${caption}
    </figure>`;
  return html`<figure class="sample">
    <img src="${images.original}" alt="original, class ${label}" /><img
      src="${images.adversarial}"
      alt="adversarial image, taken for class ${predicted}"
    /><img src="${images.difference}" alt="difference" />${caption}
  </figure>`;
}

/** The three images as data URIs, or a sentence on why there are none. */
function imagesOf({ original, adversarial, shape }: Sample) {
  const [height = 0, width = 0, channels = 0] = shape;
  const [before, after] = [Buffer.from(original, 'base64'), Buffer.from(adversarial, 'base64')];
  const size = height * width * channels;
  if (size === 0 || before.length !== size || after.length !== size) {
    return `The stored image has ${before.length} and ${after.length} bytes, which do not fill its shape ${shape.join('×')}.`;
  }
  const difference = after.map((value, at) => Math.round(127.5 + (value - before[at]!) / 2));
  const uri = (data: Uint8Array) => pngUri({ width, height, channels, data });
  return { original: uri(before), adversarial: uri(after), difference: uri(difference) };
}

function pngUri(image: { width: number; height: number; channels: number; data: Uint8Array }): string {
  return `data:image/png;base64,${Buffer.from(encode({ ...image, depth: 8 })).toString('base64')}`;
}
