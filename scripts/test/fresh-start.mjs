// `npm start` in an empty data folder.
import fs from "node:fs";

fs.rmSync(process.argv[2], { recursive: true, force: true });
process.argv[2] = "start";
process.argv.length = 3;
await import("../telltale.mjs");
