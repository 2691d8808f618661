export { createApp, type AppOptions } from './app.js';
export type { Services } from './services.js';
export { describeApi } from './describe-api.js';
