export { openTestDatabase, type OpenTestDatabase } from './open-test-database.js';
export { testDatabase } from './test-database.js';
export { startTestServers, type TestServer, type TestServers } from './test-servers.js';
export { startTestStack, type TestDatabase, type TestStack } from './test-stack.js';
