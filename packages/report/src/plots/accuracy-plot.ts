import type { Rate } from '@retort/contracts';
import { html, type Html } from '../page/html.js';
import type { AttackCell, NetRow } from '../summary/summary.js';
import { linearScale, ticks } from './scale.js';
import { marker } from './success-plot.js';

const WIDTH = 860;
const [LEFT, RIGHT, TOP, BOTTOM] = [70, 620, 12, 300];
const LABEL_STEP = 16;

interface Point {
  readonly label: string;
  readonly accuracy: Rate;
  readonly strongest: readonly { approach: AttackCell['approach']; success: Rate }[];
}

/** Test accuracy against the success of the strongest naive and the strongest masking-proof attack. */
export function accuracyPlot(rows: readonly NetRow[]): Html {
  const points = rows.flatMap((row) => pointOf(row) ?? []).sort((a, b) => b.accuracy.rate - a.accuracy.rate);
  if (points.length === 0) return html`<p>No net has both an accuracy and an attack on it yet.</p>`;
  const lows = points.map(({ accuracy }) => accuracy.low);
  const highs = points.map(({ accuracy }) => accuracy.high);
  const domain = [Math.min(...lows), Math.max(...highs)] as const;
  const x = linearScale([0, 1], [LEFT, RIGHT]);
  const y = linearScale(domain, [BOTTOM, TOP]);
  const labels = spread(points.map(({ accuracy }) => y(accuracy.rate)));
  const marks = points.map((point, at) => pointMarks(point, labels[at]!, x, y));
  const height = Math.max(BOTTOM, ...labels) + 44;
  return html`<svg
    viewBox="0 0 ${WIDTH} ${height}"
    role="img"
    aria-label="Accuracy of each net against its strongest attacks; the numbers are in the tables"
  >
    ${axes(domain, x, y)}${marks}
    <text class="soft" text-anchor="middle" x="${(LEFT + RIGHT) / 2}" y="${BOTTOM + 34}">attack success</text>
    <text class="soft" text-anchor="middle" transform="translate(12 ${(TOP + BOTTOM) / 2}) rotate(-90)">
      test accuracy
    </text>
  </svg>`;
}

function pointOf(row: NetRow): Point | null {
  if (!row.test_accuracy?.of) return null;
  const strongest = (['naive', 'masking-proof'] as const).flatMap((approach) => {
    const rates = row.attacks.flatMap((cell) => (cell.approach === approach && cell.success?.of ? [cell.success] : []));
    const best = rates.sort((a, b) => b.rate - a.rate)[0];
    return best ? [{ approach, success: best }] : [];
  });
  return strongest.length ? { label: row.label, accuracy: row.test_accuracy, strongest } : null;
}

function axes(domain: readonly [number, number], x: (value: number) => number, y: (value: number) => number): Html {
  const vertical = ticks(0, 1, 5).map(
    (tick) =>
      html`<line class="axis" x1="${x(tick)}" x2="${x(tick)}" y1="${TOP}" y2="${BOTTOM}" />
        <text class="soft" text-anchor="middle" x="${x(tick)}" y="${BOTTOM + 16}">${Math.round(100 * tick)} %</text>`,
  );
  const horizontal = ticks(...domain, 4).map(
    (tick) =>
      html`<line class="axis" x1="${LEFT}" x2="${RIGHT}" y1="${y(tick)}" y2="${y(tick)}" />
        <text class="soft" text-anchor="end" x="${LEFT - 8}" y="${y(tick) + 4}"
          >${Number((100 * tick).toFixed(2))} %</text
        >`,
  );
  return html`${vertical}${horizontal}`;
}

function pointMarks(
  { label, accuracy, strongest }: Point,
  labelY: number,
  x: (v: number) => number,
  y: (v: number) => number,
): Html {
  const height = y(accuracy.rate);
  const places = strongest.map(({ success }) => x(success.rate));
  const marks = strongest.map(({ approach, success }) => {
    const at = x(success.rate);
    return html`<g class="${approach}"
      ><path
        class="whisker"
        d="M${x(success.low)} ${height}H${x(success.high)}M${at} ${y(accuracy.low)}V${y(accuracy.high)}"
      />${marker(approach, at, height)}</g
    >`;
  });
  return html`<path
      class="link"
      fill="none"
      d="M${Math.min(...places)} ${height}H${Math.max(...places)}L${RIGHT + 10} ${labelY}"
    />${marks} <text x="${RIGHT + 16}" y="${labelY + 4}">${label}</text>`;
}

/** The heights of labels, moved down where they would overlap; they come in rising order. */
function spread(heights: readonly number[]): number[] {
  let last = -Infinity;
  return heights.map((height) => (last = Math.max(height, last + LABEL_STEP)));
}
