import { agrees } from './grid.js';
import type { BareRow } from './net-row.js';

/**
 * The net that a row is compared with: of the same seed, the first that was trained and deployed at T = 1, at the same
 * point of the grid where there is one; else the first net there.
 */
export function referenceOf(row: BareRow, rows: readonly BareRow[]): BareRow {
  const ofSeed = rows.filter(({ seed }) => seed === row.seed);
  const alongside = ofSeed.filter(({ grid }) => agrees(grid, row.grid));
  return alongside.find(isStandard) ?? ofSeed.find(isStandard) ?? alongside[0] ?? row;
}

/** Whether a net is an ordinary one: trained and deployed at T = 1. */
export function isStandard(row: BareRow): boolean {
  return row.kind === 'train' && row.training_temperature === 1 && row.deployment_temperature === 1;
}
