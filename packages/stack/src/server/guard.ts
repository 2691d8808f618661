import { spawn } from 'node:child_process';
import { endProcess } from './end-process.js';

/** A server that is a program of its own, and how to end it. */
export interface GuardedCommand {
  command: string;
  args: string[];
  uid?: number | undefined;
  gid?: number | undefined;
  env?: Record<string, string> | undefined;
  stopSignals: NodeJS.Signals[];
}

/**
 * The process between Retort and a server that is no Node program: it runs the server and ends it when the channel to
 * Retort closes, because Retort asks for it or because Retort was killed. Its argument is a GuardedCommand as JSON.
 */
const { command, args, uid, gid, env, stopSignals } = JSON.parse(process.argv[2] ?? '') as GuardedCommand;

const server = spawn(command, args, {
  uid,
  gid,
  env: { ...process.env, ...env },
  stdio: ['ignore', 'inherit', 'inherit'],
});
server.once('spawn', () => process.send?.('running'));
server.once('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
server.once('exit', (code) => process.exit(code ?? 1));

const stop = () => {
  if (server.pid !== undefined) void endProcess(server.pid, stopSignals);
};
process.once('SIGTERM', stop);
process.once('disconnect', stop);
if (!process.connected) stop();
