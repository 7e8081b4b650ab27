// The first file that runs, on a machine that may have nothing but Node and npm: plain JavaScript, no dependency,
// and nothing in this file that an old Node could not at least read.
import { checkNode } from "./bootstrap/node-version.mjs";

const refusal = checkNode(process.versions.node);
if (refusal) {
  process.stderr.write(`\n${refusal}\n\n`);
  process.exit(1);
}
const { run } = await import("./bootstrap/run.mjs");
await run(process.argv[2], process.argv.slice(3));
