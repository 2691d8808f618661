export * from './artifacts/artifact-store.js';
export { FolderStore } from './artifacts/folder-store.js';
export { openDatabase, type Database, type Queryable } from './database.js';
export { Prisma } from './generated/client.js';
export { applyMigrations, MigrationError } from './migrate/apply-migrations.js';
