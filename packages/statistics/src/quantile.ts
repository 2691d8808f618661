/**
 * A quantile between order statistics by linear interpolation (Hyndman and Fan 1996, type 7).
 *
 * @param sorted in rising order
 * @param share from 0 to 1
 * @returns NaN of no values; an infinite neighbour with any weight makes an infinite quantile
 */
export function quantile(sorted: Float64Array, share: number): number {
  if (sorted.length === 0) return NaN;
  const place = share * (sorted.length - 1);
  const [lower, upper] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!];
  return lower === upper ? lower : lower + (place - Math.floor(place)) * (upper - lower);
}
