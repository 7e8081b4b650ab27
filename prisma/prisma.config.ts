import { defineConfig } from "prisma/config";

// `prisma generate` insists on locating an engine that it does not use, and would download one.
// Only for that command it is pointed at Node itself; any other command stays honest and fails.
if (process.argv.includes("generate")) process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;

export default defineConfig({ schema: "schema", migrations: { path: "migrations" } });
