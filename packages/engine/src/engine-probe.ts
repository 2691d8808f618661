import type { EngineReport } from './describe-engines.js';
import { EngineError } from './engine-error.js';
import { engineNamed } from './engine-name.js';
import { startEngine } from './start-engine.js';
import { trainingSpeed } from './training-speed.js';

// The child process of `describeEngines`: starts the engine named on the command line, measures it where that is asked
// for, and reports how that went.
const name = engineNamed(process.argv[2] ?? '');
const measured = process.argv[3] === 'measured';
process.send!(await report());
process.disconnect();

async function report(): Promise<EngineReport> {
  try {
    const { description } = await startEngine({ force: name });
    return { name, usable: true, description, ...(measured && { trainingSpeed: await trainingSpeed() }) };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const { problem, why, remedy } = error;
    return { name, usable: false, problem, why, remedy };
  }
}
