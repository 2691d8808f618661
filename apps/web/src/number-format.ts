import type { JsonNumber, Rate } from '@retort/contracts';

/** A rate with its denominator and 95 % Wilson interval: `29/200 = 14.5 % [10.3, 20.0]`. */
export function rateText(rate: Rate | null): string {
  if (!rate) return '–';
  if (rate.of === 0) return '0/0, no examples';
  const [share, low, high] = [rate.rate, rate.low, rate.high].map((value) => (100 * value).toFixed(1));
  return `${rate.count}/${rate.of} = ${share} % [${low}, ${high}]`;
}

/** A logarithm to one digit; minus infinity is that of an exact zero. */
export function log10Text(value: JsonNumber | null): string {
  if (value === null || value === 'NaN') return '–';
  return typeof value === 'number' ? value.toFixed(1).replace('-', '−') : '−∞ (exactly 0)';
}

/** A date and time in the reader's own form. */
export function timeText(time: string | null): string {
  return time === null ? '–' : new Date(time).toLocaleString();
}
