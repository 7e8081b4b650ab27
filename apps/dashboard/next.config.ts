import type { NextConfig } from "next";

const headers = [
  {
    key: "Content-Security-Policy",
    value: "frame-ancestors 'none'; base-uri 'self'; form-action 'self'; object-src 'none'",
  },
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "Referrer-Policy", value: "strict-origin-when-cross-origin" },
  { key: "Permissions-Policy", value: "camera=(), microphone=(), geolocation=()" },
];

const config: NextConfig = {
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
  serverExternalPackages: ["pg", "@prisma/client", "@prisma/adapter-pg", "@clickhouse/client", "better-auth"],
  headers: async () => [{ source: "/:path*", headers }],
};

export default config;
