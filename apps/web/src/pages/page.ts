/** Fills an element with a page; the signal aborts when the reader leaves it. */
export type ShowPage = (into: HTMLElement, signal: AbortSignal) => Promise<void>;

/** Does something again and again until the signal aborts; each time only when the last one has ended. */
export async function repeat(signal: AbortSignal, milliseconds: number, act: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await act();
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
  }
}
