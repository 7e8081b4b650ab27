import type { NextConfig } from "next";

/** The path of PUBLIC_URL is built into every link, so another one needs another build. */
const basePath = process.env.PUBLIC_URL ? new URL(process.env.PUBLIC_URL).pathname.replace(/\/+$/, "") : "";

const config: NextConfig = {
  basePath,
  env: { NEXT_PUBLIC_BASE_PATH: basePath },
  poweredByHeader: false,
  // The type check is a step of its own (`typecheck`), with the repository's own settings.
  typescript: { ignoreBuildErrors: true },
  transpilePackages: [
    "@telltale/analysis",
    "@telltale/api",
    "@telltale/configuration",
    "@telltale/control",
    "@telltale/db",
    "@telltale/evaluator",
    "@telltale/events",
    "@telltale/ruleset",
    "@telltale/stats",
    "@telltale/ui",
  ],
  serverExternalPackages: ["pg", "@prisma/client", "@prisma/adapter-pg", "@clickhouse/client", "better-auth", "pino"],
};

export default config;
