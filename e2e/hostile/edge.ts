import type { AttackTarget, Attempt, Scale } from "./attempts.ts";
import { eventAttempts } from "./edge-events.ts";
import { requestAttempts } from "./edge-requests.ts";
import { type EdgeWorld, KEYS, OFREP, OPERATORS, openEdgeWorld, post } from "./edge-world.ts";
import { hostileValues, levels } from "./texts.ts";

const json = (context: unknown) => JSON.stringify({ context });

/** The edge as a process over embedded databases, and all that a stranger may send it. */
export async function openEdge(scale: Scale): Promise<AttackTarget> {
  const world = await openEdgeWorld();
  const { pid } = world.child;
  const attempts = [
    ...OPERATORS.map((op) => operator(world, op, scale)),
    everyFlag(world, scale),
    ...contexts(world),
    neighbours(world, scale),
    ...eventAttempts(world, scale),
    ...requestAttempts(world, scale),
  ];
  return {
    name: "edge",
    attempts: attempts.map((attempt) => ({
      name: attempt.name,
      async run(tally) {
        await attempt.run(tally);
        // Whatever it met, it is the same process, and it serves.
        tally.check(world.child.exitCode === null && world.child.pid === pid, "the edge has ended");
        await tally.ask("afterwards", (signal) => world.call(`${OFREP}/op-exists`, post(json({}), signal)), [200]);
      },
    })),
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
}

/** One operator, asked about each hostile value in every attribute's place that it has. */
function operator(world: EdgeWorld, op: string, scale: Scale): Attempt {
  return {
    name: `operator ${op}`,
    async run(tally) {
      for (const [name, value] of hostileValues(scale))
        await tally.ask(name, (signal) => world.call(`${OFREP}/op-${op}`, post(json({ a: value }), signal)), [200]);
    },
  };
}

/** All 80 flags at once: every operator, splits by the hostile attribute, segments and targets by the targeting key. */
function everyFlag(world: EdgeWorld, scale: Scale): Attempt {
  return {
    name: "every operator at once, and as units",
    async run(tally) {
      for (const [name, value] of hostileValues(scale)) {
        await tally.ask(name, (signal) => world.call(OFREP, post(json({ a: value }), signal)), [200]);
        const context = json({ targetingKey: value });
        await tally.ask(`${name} as targeting key`, (signal) => world.call(OFREP, post(context, signal)), [200]);
      }
    },
  };
}

/** Bodies that are no context. */
function contexts(world: EdgeWorld): Attempt[] {
  const bytes = (text: string, ...odd: number[]) =>
    Uint8Array.from([...Buffer.from(text), ...odd, ...Buffer.from('"}}')]) as Uint8Array<ArrayBuffer>;
  const bodies: [string, string | Uint8Array<ArrayBuffer>, number][] = [
    ["5,000 levels of lists", `{"context":{"a":${levels(5_000)}}}`, 400],
    ["5,000 levels of objects", `{"context":{"a":${levels(5_000, '{"a":', "}")}}}`, 400],
    ["levels that never end", "[".repeat(60_000), 400],
    ["no context", "{}", 400],
    ["a context that is null", '{"context":null}', 400],
    ["a context that is misspelt", '{"Context":{}}', 400],
    ["a context that is a list", '{"context":[]}', 400],
    ["nothing", "", 400],
    ["no JSON", "<html>", 400],
    ["NUL", "\0".repeat(60_000), 400],
    ["bytes that are no UTF-8", bytes('{"context":{"a":"', 0xff, 0xfe), 400],
    ["half of a character", bytes('{"context":{"a":"', 0xc3), 400],
    ["more than 64 kB", json({ a: "x".repeat(66_000) }), 413],
    ["names of Object", '{"context":{"__proto__":{"a":1},"constructor":1,"toString":2}}', 200],
    ["one name 5,000 times", `{"context":{${'"a":1,'.repeat(5_000)}"a":2}}`, 200],
  ];
  return ["", "/op-in"].map((path) => ({
    name: `bodies that are no context, at ${path === "" ? "all flags" : "one flag"}`,
    async run(tally) {
      for (const [name, body, status] of bodies)
        await tally.ask(name, (signal) => world.call(OFREP + path, post(body, signal)), [status]);
    },
  }));
}

/** A public key asks for 80 flags with 6,000 attributes, five times at once; what another tenant asks meanwhile. */
function neighbours(world: EdgeWorld, scale: Scale): Attempt {
  const context = json(Object.fromEntries(Array.from({ length: 6_000 }, (_, i) => [`k${i}`, i % 10])));
  return {
    name: "6,000 attributes × 80 flags, and another tenant",
    async run(tally) {
      const end = new AbortController();
      const flood = Array.from({ length: 5 }, async () => {
        while (!end.signal.aborted) {
          await tally.flood("flood", (signal) => world.call(OFREP, post(context, signal)), [200, 503]);
        }
      });
      // Enough is known after some faults.
      for (let i = 0; i < (scale === "whole" ? 40 : 10) && tally.faults.length < 5; i++) {
        const key = KEYS.neighbour;
        await tally.ask("the neighbour's ruleset", (signal) => world.call("/v1/ruleset", { key, signal }), [200]);
        const one = (signal: AbortSignal) => world.call(`${OFREP}/lantern`, { key, ...post(json({}), signal) });
        await tally.ask("the neighbour's flag", one, [200]);
      }
      end.abort();
      await Promise.all(flood);
    },
  };
}
