import { rateText } from '../number-format.js';
import { html, type Html } from '../page/html.js';
import type { AttackCell, NetRow } from '../summary/summary.js';
import { linearScale, ticks } from './scale.js';

const WIDTH = 860;
const LEFT = 250;
const RIGHT = 640;
const LINE = 20;
const approaches = ['naive', 'masking-proof', 'other'] as const;

/** Attack success of each net with its 95 % intervals, naive attacks above masking-proof ones. */
export function successPlot(rows: readonly NetRow[]): Html {
  const x = linearScale([0, 1], [LEFT, RIGHT]);
  const blocks: Html[] = [];
  let y = 24;
  for (const row of rows.filter(({ attacks }) => attacks.length > 0)) {
    blocks.push(html`<text class="strong" x="0" y="${y}">${row.label}</text>`);
    for (const cell of grouped(row.attacks)) {
      y += LINE;
      blocks.push(attackLine(cell, y, x));
    }
    y += LINE * 1.7;
  }
  const bottom = y - LINE;
  const grid = ticks(0, 1, 5).map(
    (tick) =>
      html`<line class="axis" x1="${x(tick)}" x2="${x(tick)}" y1="8" y2="${bottom}" />
        <text class="soft" text-anchor="middle" x="${x(tick)}" y="${bottom + 15}">${Math.round(100 * tick)} %</text>`,
  );
  return html`<svg
    viewBox="0 0 ${WIDTH} ${bottom + 22}"
    role="img"
    aria-label="Attack success of each net by attack; the numbers are in the table of attacks"
  >
    ${grid}${blocks}
  </svg>`;
}

function grouped(cells: readonly AttackCell[]): AttackCell[] {
  return approaches.flatMap((approach) => cells.filter((cell) => cell.approach === approach));
}

function attackLine(cell: AttackCell, y: number, x: (value: number) => number): Html {
  const name = html`<text class="soft" x="14" y="${y + 4}">${cell.name}</text>`;
  if (!cell.success?.of) return html`${name}<text class="soft" x="${LEFT}" y="${y + 4}">${cell.status}, no rate</text>`;
  const { low, high, rate } = cell.success;
  return html`${name}<g class="${cell.approach}"
      ><path class="whisker" d="M${x(low)} ${y}H${x(high)}M${x(low)} ${y - 4}v8M${x(high)} ${y - 4}v8" />
      ${marker(cell.approach, x(rate), y)}</g
    ><text class="soft" x="${RIGHT + 16}" y="${y + 4}">${rateText(cell.success)}</text>`;
}

/** A shape for each approach, so that none is told by its colour alone: circle, diamond, square. */
export function marker(approach: AttackCell['approach'], x: number, y: number): Html {
  switch (approach) {
    case 'naive':
      return html`<circle cx="${x}" cy="${y}" r="4.5" />`;
    case 'masking-proof':
      return html`<path d="M${x} ${y - 6}l6 6l-6 6l-6 -6z" />`;
    case 'other':
      return html`<rect x="${x - 4}" y="${y - 4}" width="8" height="8" />`;
  }
}

/** What the shapes and colours mean. */
export function approachLegend(): Html {
  const words = { naive: 'naive attack', 'masking-proof': 'masking-proof attack', other: 'neither for certain' };
  return html`<svg viewBox="0 0 ${WIDTH} 20" aria-hidden="true">
    ${approaches.map((approach, at) => {
      const x = 10 + at * 170;
      return html`<g class="${approach}">${marker(approach, x, 10)}</g
        ><text class="soft" x="${x + 12}" y="14">${words[approach]}</text>`;
    })}
  </svg>`;
}
