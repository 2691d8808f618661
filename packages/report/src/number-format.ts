import { fromJsonNumber, type JsonNumber, type Rate } from '@retort/contracts';

/** A typographic minus, so that figures line up. */
function withMinus(text: string): string {
  return text.replace('-', '−');
}

/** A share in percent, such as `14.5 %`. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** The 95 % Wilson interval in percent, such as `[10.3, 20.0]`. */
export function interval({ low, high }: Rate): string {
  return `[${(100 * low).toFixed(1)}, ${(100 * high).toFixed(1)}]`;
}

/** A rate with its interval and denominator: `29/200 = 14.5 % [10.3, 20.0]`. */
export function rateText(rate: Rate): string {
  if (rate.of === 0) return '0/0, no examples';
  return `${rate.count}/${rate.of} = ${percent(rate.rate)} ${interval(rate)}`;
}

/** A number with so many digits after the point; a dash where there is none. */
export function decimal(value: JsonNumber | null, digits = 2): string {
  if (value === null) return '–';
  const number = fromJsonNumber(value);
  return Number.isFinite(number) ? withMinus(number.toFixed(digits)) : nonFinite(number);
}

/** A base-10 logarithm; minus infinity is the logarithm of an exact zero. */
export function log10Text(value: JsonNumber | null): string {
  if (value === null) return '–';
  const number = fromJsonNumber(value);
  return number === -Infinity ? '−∞ (exactly 0)' : decimal(value, 1);
}

function nonFinite(number: number): string {
  if (Number.isNaN(number)) return '–';
  return number > 0 ? '∞' : '−∞';
}

/** A parameter's value as it stands in the spec. */
export function valueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Named values in a row: `epsilon=0.3, loss=margin`. */
export function namedValues(values: Readonly<Record<string, unknown>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${valueText(value)}`)
    .join(', ');
}
