import { fromJsonNumber, type InputGradientResult } from '@retort/contracts';
import { log10Text } from '../number-format.js';
import { html, type Html } from '../page/html.js';
import { linearScale, ticks } from './scale.js';

/** The input gradient that was measured on a net. */
export interface MeasuredGradient {
  readonly label: string;
  readonly gradient: InputGradientResult;
}

const WIDTH = 860;
const LEFT = 250;
const RIGHT = 700;

/** Examples by mean |gradient| in the decades of Papernot et al. (2015), Fig. 9: one block of bars a net. */
export function gradientHistogram(nets: readonly MeasuredGradient[]): Html {
  const height = 66;
  const bottom = nets.length * height + 8;
  const edges = nets[0]?.gradient.histogram.edges ?? [];
  const step = (RIGHT - LEFT) / Math.max(1, edges.length - 1);
  const labels = edges.map(
    (edge, at) =>
      html`<text class="soft" text-anchor="middle" x="${LEFT + at * step}" y="${bottom + 16}">${edgeText(edge)}</text>`,
  );
  return html`<svg
    viewBox="0 0 ${WIDTH} ${bottom + 24}"
    role="img"
    aria-label="Histogram of the mean input gradient of each net, with counts on the bars"
  >
    ${nets.map((net, at) => histogramBlock(net, 8 + at * height, height - 20))}${labels}
  </svg>`;
}

function histogramBlock({ label, gradient }: MeasuredGradient, top: number, height: number): Html {
  const { counts, above, edges } = gradient.histogram;
  const beyond = above > 0 ? `, ${above} at or above ${edges.at(-1)}` : '';
  const step = (RIGHT - LEFT) / Math.max(1, counts.length);
  const most = Math.max(1, ...counts);
  const base = top + height + 12;
  const bars = counts.map((count, at) => {
    const size = (count / most) * height;
    const x = LEFT + at * step;
    const text = count
      ? html`<text class="soft" text-anchor="middle" x="${x + step / 2}" y="${base - size - 3}">${count}</text>`
      : null;
    return html`<rect class="bar" x="${x + 2}" y="${base - size}" width="${step - 4}" height="${size}" />${text}`;
  });
  return html`<text class="strong" x="0" y="${base - 14}">${label}</text
    ><text class="soft" x="0" y="${base}">n = ${gradient.examples}${beyond}</text> ${bars}<line
      class="axis"
      x1="${LEFT}"
      x2="${RIGHT}"
      y1="${base}"
      y2="${base}"
    />`;
}

function edgeText(edge: number): string {
  return edge === 0 || edge === 1 ? String(edge) : edge.toExponential(0).replace('e-', 'e−');
}

/** Median, quartiles and the 5th to 95th percentile of log10 of the largest |gradient| of each net. */
export function percentileStrip(nets: readonly MeasuredGradient[]): Html {
  const height = 30;
  const finite = nets.flatMap(({ gradient }) => {
    const { p5, p95 } = gradient.log10_max_abs;
    return [p5, p95].map(fromJsonNumber).filter(Number.isFinite);
  });
  const low = Math.floor(Math.min(-10, ...finite) / 10) * 10;
  const high = Math.max(0, Math.ceil(Math.max(0, ...finite)));
  const x = linearScale([low, high], [LEFT, RIGHT]);
  const bottom = nets.length * height + 8;
  const grid = ticks(low, high, 6).map(
    (tick) =>
      html`<line class="axis" x1="${x(tick)}" x2="${x(tick)}" y1="4" y2="${bottom}" />
        <text class="soft" text-anchor="middle" x="${x(tick)}" y="${bottom + 15}"
          >${String(tick).replace('-', '−')}</text
        >`,
  );
  const lines = nets.map(({ label, gradient }, at) => {
    const { p5, p25, median, p75, p95, count } = gradient.log10_max_abs;
    const place = (value: typeof p5) => x(fromJsonNumber(value));
    const y = 8 + at * height + height / 2;
    const name = html`<text class="strong" x="0" y="${y + 4}">${label}</text>`;
    if (count === 0 || Number.isNaN(fromJsonNumber(median)))
      return html`${name}<text class="soft" x="${LEFT}" y="${y + 4}">no examples</text>`;
    return html`${name}<g class="strip"
        ><line x1="${place(p5)}" x2="${place(p95)}" y1="${y}" y2="${y}" />
        <line class="thick" x1="${place(p25)}" x2="${place(p75)}" y1="${y}" y2="${y}" /><circle
          cx="${place(median)}"
          cy="${y}"
          r="4.5"
      /></g>
      <text class="soft" x="${RIGHT + 16}" y="${y + 4}">${log10Text(median)} (n = ${count})</text>`;
  });
  return html`<svg
    viewBox="0 0 ${WIDTH} ${bottom + 22}"
    role="img"
    aria-label="Percentiles of the log10 of the largest input gradient of each net"
  >
    ${grid}${lines}
  </svg>`;
}
