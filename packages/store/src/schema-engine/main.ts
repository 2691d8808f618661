import { parseArguments, type EngineArguments } from './arguments.js';
import { runDatabaseCommand } from './database-command.js';
import { serveJsonRpc } from './json-rpc.js';
import { createSchemaEngine, engineVersion } from './wasm-engine.js';

/**
 * Prisma's schema engine as an executable: the same command line and the same JSON-RPC over stdio as the native one,
 * served by Prisma's own WebAssembly build of it. It exists because the native engine is a download that not every
 * machine can make.
 */
async function main(engineArguments: EngineArguments): Promise<number> {
  switch (engineArguments.mode) {
    case 'version':
      process.stdout.write(`schema-engine-wasm ${engineVersion()}\n`);
      return 0;
    case 'database-command':
      return runDatabaseCommand(engineArguments.command, engineArguments.datasource);
    case 'json-rpc':
      return serveJsonRpc(createSchemaEngine(engineArguments), process.stdin, process.stdout);
  }
}

process.exit(await main(parseArguments(process.argv.slice(2))));
