import { flags, plainFlags, thousandFlags, verify, visitors } from "./scenario.mjs";

/** One subject in a process of its own. The parent says what to do next. */
const [name, mode] = process.argv.slice(2);

if (name === "hash") await hash();
else await subject(await import(`./subjects/${name}.mjs`));

async function subject({ documentOf, contextOf, start, isAsync = false }) {
  const contexts = visitors.map(contextOf);
  if (mode === "ready") {
    const text = documentOf(thousandFlags);
    globalThis.gc();
    const before = process.memoryUsage().heapUsed;
    const began = performance.now();
    const { read, stop } = await start(text);
    await read("flag-500", contexts[1], "x");
    const ms = performance.now() - began;
    globalThis.gc();
    process.send({ ms, heap: process.memoryUsage().heapUsed - before, bytes: text.length });
    // Kept until the heap was looked at.
    await read("flag-501", contexts[1], "x");
    await stop?.();
    process.exit();
  }
  const isTracked = mode === "tracked";
  const { read, keep } = await start(documentOf(isTracked ? plainFlags : flags, { tracked: isTracked }), {
    tracked: isTracked,
  });
  if (!isTracked) await verify(name, (key, visitor, fallback) => read(key, contextOf(visitor), fallback));
  const keys = thousandFlags.map(({ key }) => key);
  const one = keep?.(contexts[1]) ?? ((key, fallback) => read(key, contexts[1], fallback));
  const kept = contexts.map((context) => keep?.(context));
  const reads = {
    A: (i) => read("on", contexts[i % 10_000], false),
    B: (i) => read("half", contexts[i % 10_000], false),
    C: (i) => read("rules", contexts[i % 10_000], "x"),
    D: (i) => one(keys[i % 1_000], "x"),
    ...(keep && { "B kept": (i) => kept[i % 10_000]("half", false), "C kept": (i) => kept[i % 10_000]("rules", "x") }),
  };
  await serve(reads, isAsync);
}

async function hash() {
  const { sdk } = await import("./subjects/telltale.mjs");
  const { default: murmurhash } = await import("murmurhash");
  const ids = visitors.map(({ id }) => id);
  const bytes = ids.map((id) => new TextEncoder().encode(id));
  const encoded = ids.map(sdk.encode);
  await serve({
    "murmurhash package, bytes": (i) => murmurhash.v3(bytes[i % 10_000], 77),
    "ours, id encoded before": (i) => sdk.hashToBucket(encoded[i % 10_000], 77),
    "ours, with encoding": (i) => sdk.hashToBucket(sdk.encode(ids[i % 10_000]), 77),
  });
}

/** Answers what each scenario costs, as often as it is asked. */
async function serve(reads, isAsync) {
  /** So that no read can be optimised away: the parent hears of it. */
  let sink = 0;
  const run = async (read, count) => {
    if (isAsync) for (let i = 0; i < count; i++) sink += (await read(i)) === true ? 1 : 0;
    else for (let i = 0; i < count; i++) sink += read(i) === true ? 1 : 0;
  };
  const counts = {};
  process.on("message", async ({ scenario, what }) => {
    const read = reads[scenario];
    if (!read) {
      process.send({});
      return;
    }
    if (what === "bytes") {
      await run(read, 20_000);
      globalThis.gc();
      const before = process.memoryUsage().heapUsed;
      await run(read, 20_000);
      process.send({ bytes: (process.memoryUsage().heapUsed - before) / 20_000 });
      return;
    }
    // As many as take about 200 ms, found once.
    if (!counts[scenario]) {
      await run(read, 20_000);
      const began = performance.now();
      await run(read, 20_000);
      counts[scenario] = Math.max(20_000, Math.round((200 / (performance.now() - began)) * 20_000));
    }
    const began = process.hrtime.bigint();
    await run(read, counts[scenario]);
    process.send({ ns: Number(process.hrtime.bigint() - began) / counts[scenario], sink });
  });
  process.send({ ready: true, scenarios: Object.keys(reads) });
}
