import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { isReachable, openDatabase } from "@telltale/db";
import { expect, it } from "vitest";
import { borrowDatabases } from "./borrowed.ts";
import { createDatabase, startWire } from "./index.ts";

const { postgresUrl } = borrowDatabases();

it("fails, and does not hang, when the database is frozen; and works again when it is not", async () => {
  const url = new URL(postgresUrl);
  await using wire = await startWire(Number(url.port));
  url.port = String(wire.port);
  const database = openDatabase(url.href, { connectTimeoutMs: 1_500, answerTimeoutMs: 1_500 });
  try {
    await expect.poll(() => isReachable(database)).toBe(true);
    wire.swallow(true);
    await expect(database.$queryRaw`select 1`).rejects.toThrow("timeout");
    await expect(Promise.all(Array.from({ length: 30 }, () => database.$queryRaw`select 1`))).rejects.toThrow();
    const transaction = database.$transaction((tx) => tx.$queryRaw`select 1`, { maxWait: 60_000, timeout: 60_000 });
    await expect(transaction).rejects.toThrow();
    wire.swallow(false);
    wire.cut();
    await expect.poll(() => isReachable(database)).toBe(true);
  } finally {
    await database.$disconnect();
  }
});

it("asks one thing at a time in a transaction, also for relations", async () => {
  await using migrated = await createDatabase(postgresUrl);
  const database = openDatabase(migrated.url);
  const warnings: Error[] = [];
  const listen = (warning: Error) => void warnings.push(warning);
  process.on("warning", listen);
  await database
    .$transaction(async (tx) => {
      await tx.organisation.create({ data: { id: "o", key: "o", name: "O" } });
      await tx.project.create({ data: { id: "p", key: "p", name: "P", organisationId: "o" } });
      await tx.project.findMany({ include: { flags: true, segments: true, metrics: true, environments: true } });
      await expect(tx.$queryRaw`select 1 / 0`).rejects.toThrow();
    })
    .catch(() => undefined);
  await new Promise(setImmediate);
  process.off("warning", listen);
  await database.$disconnect();
  expect(warnings).toEqual([]);
});

it("says within a moment that it cannot reach what does not answer", async () => {
  const url = new URL(postgresUrl);
  await using wire = await startWire(Number(url.port));
  wire.swallow(true);
  url.port = String(wire.port);
  const database = openDatabase(url.href);
  expect(await isReachable(database)).toBe(false);
  wire.cut();
});

const message = (type: string, body: Buffer) => {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
};
const authentication = (kind: number, more = Buffer.alloc(0)) => {
  const code = Buffer.alloc(4);
  code.writeInt32BE(kind);
  return message("R", Buffer.concat([code, more]));
};

it.each([
  ["the password", authentication(3)],
  ["a hash of the password", authentication(5, Buffer.from("salt"))],
  ["nothing", Buffer.concat([authentication(0), message("Z", Buffer.from("I"))])],
])("tells a stranger who asks for %s neither the password nor a query", async (_what, answer) => {
  const heard: Buffer[] = [];
  const stranger = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => {
      socket.write(answer);
      socket.on("data", (chunk) => heard.push(chunk));
    });
  }).listen(0, "127.0.0.1");
  await once(stranger, "listening");
  const { port } = stranger.address() as AddressInfo;
  const database = openDatabase(`postgres://app:topsecret@127.0.0.1:${port}/x?require_auth=scram-sha-256`, {
    connectTimeoutMs: 2_000,
  });
  await expect(database.$queryRaw`select 'private'`).rejects.toThrow();
  await database.$disconnect();
  stranger.close();
  await once(stranger, "close");
  expect(Buffer.concat(heard).toString()).toBe("");
});

it("takes a server that proves that it knows the password", async () => {
  const database = openDatabase(`${postgresUrl}?require_auth=scram-sha-256`);
  expect(await database.$queryRaw`select 1 as one`).toEqual([{ one: 1 }]);
  await database.$disconnect();
});
