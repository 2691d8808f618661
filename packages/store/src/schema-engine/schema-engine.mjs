#!/usr/bin/env node
// What PRISMA_SCHEMA_ENGINE_BINARY names: Prisma's CLI spawns it as it would spawn its native engine.
import '../../dist/schema-engine/main.js';
