import type { Rate } from '@retort/contracts';
import { interval, percent } from '../number-format.js';
import { html, type Html } from './html.js';

/** A table cell with a rate, its 95 % interval and its denominator. */
export function rateCell(rate: Rate | null, absent = '–'): Html {
  if (!rate?.of) return html`<td class="number rate">${rate ? '0/0, no examples' : absent}</td>`;
  const details = `${interval(rate)} ${rate.count}/${rate.of}`;
  return html`<td class="number rate">${percent(rate.rate)}<small>${details}</small></td>`;
}
