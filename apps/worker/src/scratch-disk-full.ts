/** What is said of a task that the disk of its worker had no room for. */
export const scratchDiskFull =
  "the disk of the worker's scratch files (RETORT_DATA) is full: the task is tried again until there is room";
