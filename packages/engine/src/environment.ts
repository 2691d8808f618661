/**
 * What a process that computes is to be started with, for glibc to read as it begins: memory that a tensor leaves is kept for
 * the next one. By default every large tensor's pages go back to the kernel and are cleared and mapped again for the
 * next, which takes longer than the arithmetic where that is slow, as on a virtual machine. Other C libraries ignore it.
 *
 * No block is mapped for itself, the top of the heap is not given back, and it grows by 64 MiB at least.
 */
export const KEPT_MEMORY: Readonly<Record<string, string>> = {
  MALLOC_MMAP_MAX_: '0',
  MALLOC_TRIM_THRESHOLD_: `${2 ** 33}`,
  MALLOC_TOP_PAD_: `${2 ** 26}`,
};
