export type { EngineDescription } from '@retort/contracts';
export { describeEngines, probeEngine, type EngineReport } from './describe-engines.js';
export { EngineError, type EngineProblem } from './engine-error.js';
export { limitHeap } from './wasm/heap-limit.js';
export { startEngine, type Engine, type EngineOptions } from './start-engine.js';
export { installWebgpu } from './install/install-webgpu.js';
export { installEngine, InstallError, type Installed } from './install/install-engine.js';
export { WayClosed, type Site, type Way } from './install/way.js';
export { waysTo, type WayOptions } from './install/ways.js';
