import { accuracyPlot } from '../plots/accuracy-plot.js';
import { gradientHistogram, percentileStrip, type MeasuredGradient } from '../plots/gradient-plots.js';
import { approachLegend, successPlot } from '../plots/success-plot.js';
import type { ReportExperiment, ReportInput } from '../report-input.js';
import { gradientsByRow } from '../summary/net-row.js';
import { summarise } from '../summary/summarise.js';
import type { Summary } from '../summary/summary.js';
import { attackKey, attackTable } from './attack-table.js';
import { evaluationSection } from './evaluation-section.js';
import { gapTable } from './gap-table.js';
import { html, type Html } from './html.js';
import { imageGallery } from './image-gallery.js';
import { measureTable } from './measure-table.js';
import { netTable } from './net-table.js';
import { provenanceTable } from './provenance-table.js';
import { repeatSection } from './repeat.js';
import { style } from './style.js';

/** An experiment's results as one HTML page that loads nothing from elsewhere and runs no script. */
export function renderReport(input: ReportInput): string {
  const summary = summarise(input);
  const gradients = gradientsByRow(input);
  const { experiment, jobs } = input;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${experiment.name} – Retort report</title>
        <style>
          ${style}
        </style>
      </head>
      <body>
        <main>
          ${heading(experiment)} ${finding(summary)} ${evaluationSection(input)}
          <section aria-labelledby="nets">
            <h2 id="nets">Nets</h2>
            ${netTable(summary.rows)}${verdictNote()}${measureTable(summary.rows)}
          </section>
          <section aria-labelledby="success">
            <h2 id="success">Attack success</h2>
            ${successFigures(summary)}${attackTable(summary.rows)}
            <h3>What the attacks are</h3>
            ${attackKey(summary.rows)}
          </section>
          <section aria-labelledby="gradient">
            <h2 id="gradient">Input gradient</h2>
            ${gradientFigures(gradients)}
          </section>
          <section aria-labelledby="images">
            <h2 id="images">Attacked images</h2>
            ${imageGallery(jobs)}
          </section>
          <section aria-labelledby="gaps">
            <h2 id="gaps">Jobs without a result</h2>
            ${gapTable(summary.gaps)}
          </section>
          <section aria-labelledby="provenance">
            <h2 id="provenance">Provenance</h2>
            ${provenanceTable(jobs)}
          </section>
          <section aria-labelledby="repeat">
            <h2 id="repeat">How to repeat</h2>
            ${repeatSection(experiment)}
          </section>
        </main>
      </body>
    </html> `;
  return page.markup;
}

function heading({ id, name, description, status, created_at, finished_at, spec }: ReportExperiment): Html {
  const { dataset } = spec;
  const images = `${dataset.name}, ${dataset.train} training, ${dataset.validation} validation and ${dataset.test} test images`;
  const end = finished_at ? `finished ${finished_at}` : 'not finished';
  return html`<header>
    <h1>${name}</h1>
    ${description ? html`<p>${description}</p>` : null}
    <p class="meta">
      Experiment <span class="hash">${id}</span>: ${status}, created ${created_at}, ${end}. ${images}; pixels divided by
      ${dataset.pixel_divisor}.
    </p>
  </header>`;
}

function finding({ sentence, fallbacks }: Summary): Html {
  const announced = fallbacks.length
    ? html`<div class="warning">
        <h3>Done otherwise than asked</h3>
        <ul>
          ${fallbacks.map((text) => html`<li>${text}</li>`)}
        </ul>
      </div>`
    : null;
  return html`<section class="finding" aria-label="Finding">
      <p>${sentence.shows}</p>
      <p>${sentence.does_not_show}</p>
    </section>
    ${announced}`;
}

function verdictNote(): Html {
  return html`<p class="note">
    The verdict compares each naive attack, which follows the float32 gradient of the cross-entropy at T=1, with the
    same attack at the same budget on something that masking does not reach, each against itself on the reference net.
    Differences count only where the 95 % intervals do not touch; where the nets are attacked on common images, a paired
    test would see smaller differences.
  </p>`;
}

function successFigures({ rows }: Summary): Html {
  return html`<figure>
      ${approachLegend()}${successPlot(rows)}
      <figcaption>Attack success with 95 % Wilson intervals.</figcaption>
    </figure>
    <figure>
      ${accuracyPlot(rows)}
      <figcaption>
        Test accuracy against the strongest naive attack (circle) and the strongest masking-proof one (diamond) on each
        net. The accuracy axis does not begin at 0.
      </figcaption>
    </figure>`;
}

function gradientFigures(gradients: readonly MeasuredGradient[]): Html {
  if (gradients.length === 0) return html`<p>The input gradient was not measured.</p>`;
  return html`<figure>
      ${percentileStrip(gradients)}
      <figcaption>
        log10 of the largest |∂ loss/∂ pixel| an image (${gradients[0]!.gradient.loss}): median (dot), quartiles (thick)
        and 5th to 95th percentile (thin). Below about −45 float32 holds only zero. In the table of nets, a float32
        gradient has the wrong direction where it is not zero and its cosine with the exact one is below
        ${gradients[0]!.gradient.wrong_direction.cosine_below}.
      </figcaption>
    </figure>
    <figure>
      ${gradientHistogram(gradients)}
      <figcaption>
        Images by their mean |∂ loss/∂ pixel|, in the decades of Papernot et al. (2015), Fig. 9; the numbers are counts.
      </figcaption>
    </figure>`;
}
