import { once } from "node:events";
import { text } from "node:stream/consumers";
import { expect, it } from "vitest";
import { BoundedLines, LINE_MAX } from "./lines.ts";

async function pass(...chunks: (string | Buffer)[]): Promise<string[]> {
  const lines = new BoundedLines();
  const out = text(lines);
  for (const chunk of chunks) if (!lines.write(chunk)) await once(lines, "drain");
  lines.end();
  return (await out).split("\n").slice(0, -1);
}

it("keeps lines as they are, however they are cut", async () => {
  const [first, second] = [Buffer.from("a ü"), Buffer.from("b\r\n\nc")];
  expect(await pass(first.subarray(0, 3), first.subarray(3), second)).toEqual(["a üb", "", "c"]);
});

it("bounds a line, and says what is missing", async () => {
  const lines = await pass(
    ..."x"
      .repeat(20)
      .split("")
      .map((letter) => letter.repeat(1 << 16)),
    "\nnext\n",
  );
  expect(lines).toEqual([`${"x".repeat(LINE_MAX)} … (${20 * (1 << 16) - LINE_MAX} characters more)`, "next"]);
});

it("shows control characters by their code", async () => {
  expect(await pass("a\u001b[2Jb\u0000c\rd\u2028e\u0085\tf\n")).toEqual([
    "a\\u001b[2Jb\\u0000c\\u000dd\\u2028e\\u0085\tf",
  ]);
});
