import { readFile } from "node:fs/promises";
import { prepare, RULESET_SCHEMA, type Ruleset } from "@telltale/evaluator";

/** Where a ruleset is read from. */
export type RulesetLocation = { file: string } | { url: string; key: string };

export type ReadResult = { ok: true; ruleset: Ruleset } | { ok: false; problem: string };

/** Reads a ruleset from a file or an edge, and checks it. Never rejects: the problem says what to do. */
export async function loadRuleset(origin: RulesetLocation): Promise<ReadResult> {
  const text = "file" in origin ? await fromFile(origin.file) : await fromEdge(origin);
  if ("problem" in text) return { ok: false, problem: text.problem };
  let document: unknown;
  try {
    document = JSON.parse(text.text);
  } catch {
    return { ok: false, problem: `${text.from} is no JSON. Is this the address of an edge?` };
  }
  const result = prepare(document);
  if (!result.ok)
    return { ok: false, problem: `${text.from} is no ruleset that this version understands: ${result.reason}.` };
  return { ok: true, ruleset: document as Ruleset };
}

type Text = { text: string; from: string } | { problem: string };

async function fromFile(file: string): Promise<Text> {
  try {
    return { text: await readFile(file, "utf8"), from: file };
  } catch (cause) {
    return { problem: `${file} cannot be read: ${(cause as Error).message}.` };
  }
}

async function fromEdge({ url, key }: { url: string; key: string }): Promise<Text> {
  const address = `${url.replace(/\/$/, "")}/v1/ruleset`;
  try {
    const response = await fetch(`${address}?schema=${RULESET_SCHEMA}`, {
      headers: { authorization: `Bearer ${key}` },
      signal: AbortSignal.timeout(30_000),
    });
    const text = await response.text();
    if (response.ok) return { text, from: `The answer of ${address}` };
    return { problem: `${address} answered ${response.status}: ${detailOf(text)}` };
  } catch (cause) {
    const { message, cause: why } = cause as Error;
    return {
      problem: `${address} was not reached (${why instanceof Error ? why.message : message}). Check --url and that the edge runs.`,
    };
  }
}

/** The sentence of the edge's problem document, or how the answer begins. */
function detailOf(text: string): string {
  try {
    const { detail } = JSON.parse(text);
    if (detail) return String(detail);
  } catch {
    // No JSON: something between answered.
  }
  return text.slice(0, 200);
}
