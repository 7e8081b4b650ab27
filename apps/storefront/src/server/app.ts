import { serveStatic } from "@hono/node-server/serve-static";
import { Hono } from "hono";
import type { ShopConfig } from "./env.ts";

/** The shop's web server: the built page, and where its flags come from. `root` is the folder of the built page. */
export function createStorefront(options: { config: ShopConfig; root: string }): Hono {
  const { config, root } = options;
  const policy = [
    "default-src 'self'",
    `connect-src 'self' ${new URL(config.edgeUrl).origin}`,
    "img-src 'self' data:",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    c.header("content-security-policy", policy);
    c.header("x-content-type-options", "nosniff");
    c.header("referrer-policy", "no-referrer");
    // Vite puts a hash of the content into the names under /assets.
    const immutable = c.res.ok && c.req.path.startsWith("/assets/");
    c.header("cache-control", immutable ? "public, max-age=31536000, immutable" : "no-cache");
  });
  app.get("/config.json", (c) => c.json(config));
  app.get("/livez", (c) => c.json({ live: true }));
  app.use(serveStatic({ root }));
  app.notFound((c) => c.text("There is nothing at this address. The shop is at /.", 404));
  return app;
}
