import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { expect, it } from "vitest";
import { createWorld, ruleset, SERVER_KEY } from "../fake-world.ts";

const PADDING = "x".repeat(256 * 1024);
const ROUNDS_MAX = 400;

it("drops a reader that does not read, and never waits for it: another one gets every version at once", async () => {
  const world = createWorld();
  const server = createServer(getRequestListener(world.edge.fetch, { overrideGlobalObjects: false }));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  try {
    const stuck = connect(port, "127.0.0.1");
    stuck.write(`GET /v1/stream HTTP/1.1\r\nHost: edge\r\nAuthorization: Bearer ${SERVER_KEY}\r\n\r\n`);
    await once(stuck, "readable");
    const closed = once(stuck, "close");
    const brisk = await fetch(`http://127.0.0.1:${port}/v1/stream`, {
      headers: { authorization: `Bearer ${SERVER_KEY}` },
    });
    const reader = brisk.body?.getReader();
    let text = "";
    const reads = async (until: string) => {
      while (!text.includes(until)) text += Buffer.from((await reader?.read())?.value ?? []).toString();
      text = "";
    };
    await reads("id: 7\n");
    let version = 7;
    const dropped = async () =>
      (await (await world.call("/metrics")).text()).includes('streams_dropped_total{reason="slow"} 1\n');
    // What the kernel holds of a connection differs by machine; 100 MB it holds nowhere.
    while (!(await dropped()) && version < ROUNDS_MAX) {
      version++;
      world.publish(ruleset(version, { padding: PADDING }));
      await reads(`id: ${version}\n`);
    }
    expect(version).toBeLessThan(ROUNDS_MAX);
    stuck.on("error", () => undefined).resume();
    await closed;
    world.publish(ruleset(++version));
    await reads(`id: ${version}\n`);
    expect(await (await world.call("/metrics")).text()).toContain("telltale_edge_streams 1\n");
    await reader?.cancel();
  } finally {
    server.closeAllConnections();
    server.close();
  }
}, 30_000);
