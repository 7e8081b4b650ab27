import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import { readEnv } from "./src/server/env.ts";

/** In development Vite serves the page, and with this the same /config.json as the server in production. */
function shopConfig(config: object): Plugin {
  return {
    name: "shop-config",
    configureServer(server) {
      server.middlewares.use("/config.json", (_, response) => {
        response.setHeader("content-type", "application/json");
        response.end(JSON.stringify(config));
      });
    },
  };
}

export default defineConfig(({ command }) => {
  const build = { target: "es2022", reportCompressedSize: false } as const;
  if (command === "build") return { plugins: [react()], build };
  const env = readEnv();
  if ("sentence" in env) {
    console.error(env.sentence);
    process.exit(1);
  }
  return {
    plugins: [react(), shopConfig(env.config)],
    build,
    server: { host: env.host, port: env.port, strictPort: true },
  };
});
