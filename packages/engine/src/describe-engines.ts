import { fork } from 'node:child_process';
import { once } from 'node:events';
import { engineNames, type EngineDescription, type EngineName } from '@retort/contracts';
import type { EngineProblem } from './engine-error.js';

/**
 * Whether an engine can be used here: what it is and how many images a second it trains a small net on, or what keeps
 * it from being used and what would help.
 */
export type EngineReport =
  | { name: EngineName; usable: true; description: EngineDescription; trainingSpeed?: number }
  | { name: EngineName; usable: false; problem: EngineProblem; why: string; remedy: string };

/** A first run of a GPU engine compiles kernels for the card. */
const PATIENCE_MS = 120_000;

/**
 * Tries every engine, each in a process of its own: nothing of it stays behind in this one, and a native library that
 * crashes is a line of the report.
 *
 * @returns the reports in order of preference; the first usable one is what an unforced start picks
 */
export async function describeEngines(): Promise<EngineReport[]> {
  const reports: EngineReport[] = [];
  for (const name of engineNames) reports.push(await probeEngine(name, { measured: true }));
  return reports;
}

/**
 * Tries an engine in a process of its own.
 *
 * @param options.environment variables in which that process differs from this one
 * @param options.measured whether it is to say how fast it trains, which takes a second
 */
export async function probeEngine(
  name: EngineName,
  { environment = {}, measured = false }: { environment?: NodeJS.ProcessEnv; measured?: boolean } = {},
): Promise<EngineReport> {
  const child = fork(new URL('./engine-probe.js', import.meta.url), [name, ...(measured ? ['measured'] : [])], {
    execArgv: [],
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    timeout: PATIENCE_MS,
  });
  let report: EngineReport | undefined;
  let stderr = '';
  child.on('message', (message) => (report = message as EngineReport));
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  if (report) return report;
  const end = signal ? `was ended by ${signal}` : `exited with code ${code}`;
  const last = stderr.trim().split('\n').at(-1);
  const why = `its process ${end} before it was ready${last ? ` (${last})` : ''}`;
  return { name, usable: false, problem: 'broken', why, remedy: 'Use another engine.' };
}
