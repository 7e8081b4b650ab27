import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import pg from "pg";
import { SchemaEngineAdapter } from "./adapter.ts";

/** One Prisma schema file as the engine takes it. */
export interface SchemaFile {
  path: string;
  content: string;
}

interface MigrationDirectory {
  path: string;
  migrationFile: { path: "migration.sql"; content: { tag: "ok"; value: string } };
}

/** A migrations folder as the engine takes it. */
export interface MigrationsList {
  baseDir: string;
  shadowDbInitScript: string;
  lockfile: { path: "migration_lock.toml"; content: string };
  migrationDirectories: MigrationDirectory[];
}

/** The part of Prisma's schema engine that is used here. */
export interface SchemaEngine {
  applyMigrations(input: object): Promise<{ appliedMigrationNames: string[] }>;
  diagnoseMigrationHistory(input: object): Promise<{ editedMigrationNames: string[]; failedMigrationNames: string[] }>;
  diff(input: object): Promise<{ stdout?: string }>;
  free(): void;
}

interface EngineModule {
  SchemaEngine: { new: (options: object, log: () => void, adapter: object) => Promise<SchemaEngine> };
  __wbg_set_wasm(exports: WebAssembly.Exports): void;
}

export const noFilters = { externalTables: [], externalEnums: [] };

let loading: Promise<EngineModule["SchemaEngine"]> | undefined;

/** Once a process: the glue keeps one module-level instance. Node 20 cannot import .wasm, so it is made by hand. */
function load(): Promise<EngineModule["SchemaEngine"]> {
  loading ??= (async () => {
    const folder = path.dirname(createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm"));
    const glue: EngineModule = await import(pathToFileURL(path.join(folder, "schema_engine_bg.js")).href);
    const bytes = fs.readFileSync(path.join(folder, "schema_engine_bg.wasm"));
    const imports = { "./schema_engine_bg.js": glue as unknown as WebAssembly.ModuleImports };
    const { instance } = await WebAssembly.instantiate(bytes, imports);
    Object.assign(globalThis, {
      PRISMA_WASM_PANIC_REGISTRY: {
        set_message: (message: string) => process.stderr.write(`schema engine: ${message}\n`),
      },
    });
    glue.__wbg_set_wasm(instance.exports);
    (instance.exports.__wbindgen_start as () => void)();
    return glue.SchemaEngine;
  })();
  return loading;
}

/** Runs `use` with an engine on one session of its own, so that the engine's advisory lock goes with it. */
export async function withEngine<T>(url: string, schema: SchemaFile[], use: (engine: SchemaEngine) => Promise<T>) {
  const Engine = await load();
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  // A session that the server ends must not end the process: the query that needs it reports it.
  pool.on("error", () => undefined);
  // The engine hides why a connection failed behind a number; asked plainly, PostgreSQL says it.
  (await pool.connect()).release();
  const datamodels = schema.map((file) => [file.path, file.content]);
  const adapter = bindMigrationAwareSqlAdapterFactory(new SchemaEngineAdapter(pool));
  const engine = await Engine.new({ datamodels }, () => undefined, adapter);
  try {
    return await use(engine);
  } finally {
    engine.free();
    await pool.end();
  }
}

/** Reads `schema/*.prisma`. */
export function readSchema(folder: string): SchemaFile[] {
  const names = fs.readdirSync(folder).filter((name) => name.endsWith(".prisma"));
  return names.sort().map((name) => {
    const file = path.join(folder, name);
    return { path: file, content: fs.readFileSync(file, "utf8") };
  });
}

/** Reads `migrations/<name>/migration.sql` in the order of their names. */
export function readMigrations(baseDir: string): MigrationsList {
  const entries = fs.readdirSync(baseDir, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return {
    baseDir,
    shadowDbInitScript: "",
    lockfile: {
      path: "migration_lock.toml",
      content: fs.readFileSync(path.join(baseDir, "migration_lock.toml"), "utf8"),
    },
    migrationDirectories: names.sort().map((name) => ({
      path: name,
      migrationFile: {
        path: "migration.sql",
        content: { tag: "ok", value: fs.readFileSync(path.join(baseDir, name, "migration.sql"), "utf8") },
      },
    })),
  };
}
