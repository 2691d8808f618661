import { readFileSync } from 'node:fs';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';
import type { Datasource } from './arguments.js';
import { connectDatabases } from './databases.js';
import { EngineFailure } from './engine-failure.js';

// TypeScript knows WebAssembly only with the browser's library.
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { exports: { __wbindgen_start(): void } };
};

declare global {
  /** Where the WebAssembly engine leaves the message of a panic, before it traps. */
  var PRISMA_WASM_PANIC_REGISTRY: { message: string; set_message(message: string): void } | undefined;
}

/** What the engine works on: a database, and the Prisma schema as paths and texts. */
export interface EngineTarget {
  datasource: Datasource;
  datamodels: [path: string, text: string][];
}

/** Calls a method of the native schema engine by its name; what goes in and comes out is between it and Prisma's CLI. */
export type CallEngine = (method: string, params: unknown) => Promise<unknown>;

/**
 * Makes a WebAssembly schema engine, which connects to its database at the first call.
 *
 * Its calls fail with an EngineFailure.
 */
export function createSchemaEngine({ datasource, datamodels }: EngineTarget): CallEngine {
  loadBindings();
  const databases = bindMigrationAwareSqlAdapterFactory(connectDatabases(datasource));
  const options = { datamodels: datamodels.length > 0 ? datamodels : undefined };
  let opening: Promise<bindings.SchemaEngine> | undefined;
  return async (method, params) => {
    try {
      opening ??= bindings.SchemaEngine.new(options, ignoreTrace, databases);
      return await callMethod(await opening, method, params);
    } catch (error) {
      throw EngineFailure.of(error, databases.errorRegistry);
    }
  };
}

async function callMethod(engine: bindings.SchemaEngine, name: string, params: unknown): Promise<unknown> {
  switch (name) {
    case 'getDatabaseVersion':
      return engine.version();
    case 'evaluateDataLoss': {
      // This one cannot open a shadow database, but finds the schema of the migrations where the last diagnosis of
      // just these migrations left it. A diagnosis from before pending migrations were applied is not that.
      const input = params as bindings.EvaluateDataLossInput;
      await engine.devDiagnostic(input);
      return engine.evaluateDataLoss(input);
    }
    default: {
      const method = (engine as unknown as Record<string, CallEngineMethod | undefined>)[name];
      if (typeof method !== 'function') throw new Error(`The schema engine has no method ${name}.`);
      return method.call(engine, params);
    }
  }
}

type CallEngineMethod = (params: unknown) => Promise<unknown>;

/** The version of the WebAssembly engine's package. */
export function engineVersion(): string {
  const manifest = JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as { version: string };
  return manifest.version;
}

// The package's own entry imports the .wasm file as a module, which Node 20 and 22 do only behind a flag.
function loadBindings(): void {
  globalThis.PRISMA_WASM_PANIC_REGISTRY = {
    message: '',
    set_message(message) {
      this.message = message;
    },
  };
  const module = new WebAssembly.Module(readFileSync(packageFile('schema_engine_bg.wasm')));
  const { exports } = new WebAssembly.Instance(module, { './schema_engine_bg.js': bindings });
  bindings.__wbg_set_wasm(exports);
  exports.__wbindgen_start();
}

function packageFile(name: string): URL {
  return new URL(name, import.meta.resolve('@prisma/schema-engine-wasm'));
}

/** The engine's trace spans, which only Prisma's own developers read. */
function ignoreTrace(): void {}
