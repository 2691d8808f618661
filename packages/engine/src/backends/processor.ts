import { arch, cpus } from 'node:os';

/** The model of this machine's processor, or its architecture where the system does not tell. */
export function processor(): string {
  return cpus()[0]?.model.trim() || arch();
}
