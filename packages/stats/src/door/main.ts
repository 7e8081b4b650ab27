import { createInterface } from "node:readline";
import { answerLine } from "./answer.ts";

/** One JSON case a line on standard input, one JSON result a line on standard output, in the same order. */
for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
  if (line.trim() !== "") process.stdout.write(`${JSON.stringify(answerLine(line))}\n`);
}
