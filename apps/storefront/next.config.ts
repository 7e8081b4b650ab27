import type { NextConfig } from "next";

const config: NextConfig = {
  poweredByHeader: false,
  // The type check is a step of its own (`typecheck`), with the repository's own settings.
  typescript: { ignoreBuildErrors: true },
  transpilePackages: ["@telltale/evaluator", "@telltale/react", "@telltale/sdk"],
};

export default config;
