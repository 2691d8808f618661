export { testDatabase } from './test-database.js';
export { startTestStack, type TestDatabase, type TestStack } from './test-stack.js';
