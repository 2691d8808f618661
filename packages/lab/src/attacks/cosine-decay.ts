/**
 * A value on its way from a first to a last one along half a cosine (Loshchilov and Hutter 2016, arXiv 1608.03983).
 *
 * @param share how much of the way is behind, 0 to 1
 */
export function cosineDecay(first: number, last: number, share: number): number {
  return last + ((first - last) * (1 + Math.cos(Math.PI * share))) / 2;
}
