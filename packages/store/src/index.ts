export * from './artifacts/artifact-store.js';
export { FolderStore } from './artifacts/folder-store.js';
export { artifactVariables, readArtifactLocation, type ArtifactLocation } from './artifacts/artifact-location.js';
export { openArtifactStore } from './artifacts/open-artifact-store.js';
export { followDatabaseClock, type Clock, type DatabaseClock } from './database-clock.js';
export { isDatabaseAway } from './database-away.js';
export { openDatabase, type Database, type Queryable } from './database.js';
export { Prisma, type Job, type TaskRole } from './generated/client.js';
export { applyMigrations, MigrationError } from './migrate/apply-migrations.js';
