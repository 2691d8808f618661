import type { SquareParameters } from '@retort/contracts';
import type { Random } from '@retort/random';
import { euclideanLength, scaledTo } from './norm-ball.js';
import { squareShape } from './square-shape.js';

/** An image as rows, columns and channels. */
export interface Grid {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** How the Square attack moves in one norm; perturbations are one number a pixel value, before they are clipped to the box. */
export interface SquareSearch {
  /** Where an example starts. */
  start(random: Random): Float64Array;
  /**
   * Changes a random window of a perturbation, in place; within the radius it stays there.
   *
   * @param share of the image that the window covers
   */
  change(perturbation: Float64Array, share: number, random: Random): void;
}

/** A rectangle of an image, from its first row and column on. */
interface Window {
  readonly row: number;
  readonly column: number;
  readonly height: number;
  readonly width: number;
}

/** The length of the paper's schedule. */
export const SCHEDULED_QUERIES = 10000;

/** The iterations, of those, after which the share of a window is halved. */
const HALVINGS = [10, 50, 200, 500, 1000, 2000, 4000, 6000, 8000];

/**
 * What the initial share of a window is multiplied by: 1/2 to the number of halvings passed.
 *
 * Andriushchenko et al. 2020, arXiv 1912.00049, section 4, with the iterations of 10 000 stretched over another number.
 */
export function windowShare(query: number, queries: number): number {
  const iteration = Math.floor((query / queries) * SCHEDULED_QUERIES);
  return 0.5 ** HALVINGS.filter((halving) => iteration > halving).length;
}

/** The grid of an input shape; what is no image is one row. */
export function gridOf(inputShape: readonly number[]): Grid {
  if (inputShape.length === 3 || inputShape.length === 2) {
    const [height, width, channels = 1] = inputShape as [number, number, number?];
    return { height, width, channels };
  }
  return { height: 1, width: inputShape.reduce((product, extent) => product * extent, 1), channels: 1 };
}

/** The start and the proposals of a norm, for a ball of that radius around images of that grid. */
export function squareSearch(norm: SquareParameters['norm'], epsilon: number, grid: Grid): SquareSearch {
  switch (norm) {
    case 'linf':
      return linfSearch(epsilon, grid);
    case 'l2':
      return l2Search(epsilon, grid);
  }
}

/** Vertical stripes of ±epsilon, then windows of ±epsilon, a sign a channel (algorithm 2). */
function linfSearch(epsilon: number, grid: Grid): SquareSearch {
  const { height, width, channels } = grid;
  return {
    start: (random) => {
      const stripes = Float64Array.from({ length: width * channels }, () => epsilon * sign(random));
      const perturbation = new Float64Array(height * stripes.length);
      for (let row = 0; row < height; row++) perturbation.set(stripes, row * stripes.length);
      return perturbation;
    },
    change: (perturbation, share, random) => {
      const window = placed(grid, Math.max(Math.round(sideOf(share, grid)), 1), random);
      for (let channel = 0; channel < channels; channel++) {
        const value = epsilon * sign(random);
        for (const place of placesOf(window, grid, channel)) perturbation[place] = value;
      }
    },
  };
}

/** Five by five tiles of the square shape, then the shape added in one window at the cost of another (algorithm 3). */
function l2Search(epsilon: number, grid: Grid): SquareSearch {
  const { height, width, channels } = grid;
  return {
    start: (random) => {
      const perturbation = new Float64Array(height * width * channels);
      for (const tile of tiles(grid)) {
        const shape = squareShape(tile.height, tile.width, random);
        for (let channel = 0; channel < channels; channel++) {
          const direction = sign(random);
          placesOf(tile, grid, channel).forEach((place, at) => (perturbation[place] = direction * shape[at]!));
        }
      }
      return scaledTo(epsilon, perturbation);
    },
    change: (perturbation, share, random) => {
      const side = oddFrom(Math.max(Math.round(sideOf(share, grid)), 3));
      const [gaining, losing] = [placed(grid, side, random), placed(grid, side, random)];
      const shape = squareShape(gaining.height, gaining.width, random);
      // Below 0 where saved pixels were rounded out of the ball: the windows then give that back.
      const unused = epsilon ** 2 - euclideanLength(perturbation) ** 2;
      for (let channel = 0; channel < channels; channel++) {
        const direction = sign(random);
        const gains = placesOf(gaining, grid, channel);
        const held = taken(perturbation, gains);
        const lost = taken(perturbation, placesOf(losing, grid, channel));
        const available = euclideanLength(held) ** 2 + euclideanLength(lost) ** 2 + unused / channels;
        const gained = scaledTo(1, held);
        for (let at = 0; at < gained.length; at++) gained[at]! += direction * shape[at]!;
        const length = euclideanLength(gained);
        const scale = length === 0 ? 0 : Math.sqrt(Math.max(available, 0)) / length;
        for (let at = 0; at < gained.length; at++) perturbation[gains[at]!] = scale * gained[at]!;
      }
    },
  };
}

/** The side of a square that covers a share of the image. */
function sideOf(share: number, { height, width }: Grid): number {
  return Math.sqrt(share * height * width);
}

function oddFrom(side: number): number {
  return side % 2 === 0 ? side + 1 : side;
}

/** A window of that side at a random place, cut to the image where it is larger. */
function placed(grid: Grid, side: number, random: Random): Window {
  const height = Math.min(side, grid.height);
  const width = Math.min(side, grid.width);
  return { row: random.below(grid.height - height + 1), column: random.below(grid.width - width + 1), height, width };
}

/** Five by five tiles that cover the image; fewer where it is smaller. */
function tiles({ height, width }: Grid): Window[] {
  return fifths(height).flatMap(([row, nextRow]) =>
    fifths(width).map(([column, nextColumn]) => ({
      row,
      column,
      height: nextRow - row,
      width: nextColumn - column,
    })),
  );
}

function fifths(extent: number): [number, number][] {
  const parts = Math.min(5, extent);
  return Array.from({ length: parts }, (_, part) => [
    Math.floor((extent * part) / parts),
    Math.floor((extent * (part + 1)) / parts),
  ]);
}

/** The places of one channel's pixel values in a window, row after row. */
function placesOf(window: Window, { width, channels }: Grid, channel: number): Uint32Array {
  const places = new Uint32Array(window.height * window.width);
  let at = 0;
  for (let row = window.row; row < window.row + window.height; row++) {
    const first = (row * width + window.column) * channels + channel;
    for (let column = 0; column < window.width; column++) places[at++] = first + column * channels;
  }
  return places;
}

/** The values at some places, where zeros are left. */
function taken(values: Float64Array, places: Uint32Array): Float64Array {
  const found = new Float64Array(places.length);
  for (let at = 0; at < places.length; at++) {
    found[at] = values[places[at]!]!;
    values[places[at]!] = 0;
  }
  return found;
}

function sign(random: Random): 1 | -1 {
  return random.below(2) === 0 ? 1 : -1;
}
