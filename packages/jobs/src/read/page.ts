/** Which part of a list is wanted. */
export interface PageRequest {
  /** Items on the page, 1 to 100. */
  readonly limit: number;
  /** The last item of the page before; absent for the first page. */
  readonly after?: string;
}

/** A part of a list. */
export interface Page<T> {
  readonly data: T[];
  readonly has_more: boolean;
  /** What to send as `after` for the next page; null on the last. */
  readonly next: string | null;
}

/** Makes a page of rows that were read with one more than its limit, so that whether there are more is known. */
export function pageOf<T extends { id: string }>(rows: T[], limit: number): Page<T> {
  const data = rows.slice(0, limit);
  const hasMore = rows.length > limit;
  return { data, has_more: hasMore, next: hasMore ? data.at(-1)!.id : null };
}
