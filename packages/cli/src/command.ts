import { parseArgs } from "node:util";
import type { RulesetLocation } from "./load-ruleset.ts";
import { type ExitResult, types } from "./types.ts";

const USAGE = `telltale types [--out telltale.d.ts] [--check] (--url <edge> --key <server key> | --ruleset <file>)

Writes the types of the project's flags, so that an unknown flag or a wrong default is a compile error.
  --url, --key   the edge and a server key; or TELLTALE_URL and TELLTALE_KEY
  --ruleset      a ruleset in a file instead
  --out          the file to write (telltale.d.ts)
  --check        write nothing, fail when the file is stale (for CI)`;

/** Reads the arguments and runs the command they name. */
export async function runTelltale(
  args: string[],
  env: { url?: string | undefined; key?: string | undefined },
): Promise<ExitResult> {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (cause) {
    return { code: 2, message: `${(cause as Error).message}\n\n${USAGE}` };
  }
  const { values, positionals } = parsed;
  if (values.help) return { code: 0, message: USAGE };
  if (positionals.join(" ") !== "types") {
    return { code: 2, message: `There is no command "${positionals.join(" ")}".\n\n${USAGE}` };
  }
  const { url = env.url, key = env.key, ruleset, out, check } = values;
  const origin: RulesetLocation | undefined = ruleset ? { file: ruleset } : url && key ? { url, key } : undefined;
  if (!origin) return { code: 2, message: `Say where the flags are.\n\n${USAGE}` };
  return types({ origin, out, check });
}

function parse(args: string[]) {
  return parseArgs({
    args,
    allowPositionals: true,
    options: {
      url: { type: "string" },
      key: { type: "string" },
      ruleset: { type: "string" },
      out: { type: "string", default: "telltale.d.ts" },
      check: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
}
