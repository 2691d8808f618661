import type { EngineReport } from './describe-engines.js';
import { EngineError } from './engine-error.js';
import { engineNamed } from './engine-name.js';
import { startEngine } from './start-engine.js';

// The child process of `describeEngines`: starts the engine named on the command line and reports how that went.
const name = engineNamed(process.argv[2] ?? '');
process.send!(await report());
process.disconnect();

async function report(): Promise<EngineReport> {
  try {
    const { description } = await startEngine({ force: name });
    return { name, usable: true, description };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const { problem, why, remedy } = error;
    return { name, usable: false, problem, why, remedy };
  }
}
