import { parseArgs } from "node:util";

export interface VisitorOptions {
  people: number;
  /** Buyers among a hundred who see the plain button, percent. */
  base: number;
  /** How much more often those who see the promise buy, percent of the base. */
  lift: number;
  /** People a second. */
  rate: number;
  seed: number;
  /** Part of every person's id: the same run and seed are the same people. */
  run: string;
  /** File that always holds the newest counts. */
  json: string | undefined;
}

export const HELP = `Sends simulated shoppers through the real SDK to the demo project.

  --people N   how many people (20000)
  --base P     percent of people who buy when they see the plain button (10)
  --lift P     the truth to be found: how much more often people buy who see the promise,
               in percent of the base; may be negative (8)
  --rate N     people a second (2000)
  --seed N     the same seed draws the same people (1)
  --run NAME   part of every id; the same run again is the same people again (random)
  --json FILE  keep the newest counts in this file
  --help       this text

EDGE_URL (http://localhost:4401) and SERVER_KEY say where to and as whom.
`;

type Parsed = { options: VisitorOptions } | { help: string } | { sentence: string };

const FLAGS = {
  people: { type: "string", default: "20000" },
  base: { type: "string", default: "10" },
  lift: { type: "string", default: "8" },
  rate: { type: "string", default: "2000" },
  seed: { type: "string", default: "1" },
  run: { type: "string" },
  json: { type: "string" },
  help: { type: "boolean", default: false },
} as const;

function check(name: string, text: string, rule: { min: number; max: number; whole?: boolean }): number | string {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  const fits = value >= rule.min && value <= rule.max && (!rule.whole || Number.isInteger(value));
  if (fits) return value;
  const kind = rule.whole ? "a whole number" : "a number";
  return `--${name} must be ${kind} from ${rule.min} to ${rule.max}, not “${text}”.`;
}

/** "--lift -5" reads like two options to parseArgs; this makes it "--lift=-5". */
function joinNegativeLift(args: string[]): string[] {
  const at = args.indexOf("--lift");
  const value = args[at + 1];
  if (at < 0 || value === undefined || !/^-[\d.]/.test(value)) return args;
  return [...args.slice(0, at), `--lift=${value}`, ...args.slice(at + 2)];
}

/** The command line as options, or a sentence that says what is wrong with it. `newRun` names a run that has no name. */
export function parseOptions(args: string[], newRun: () => string): Parsed {
  let values: ReturnType<typeof parseArgs<{ options: typeof FLAGS }>>["values"];
  try {
    ({ values } = parseArgs({ args: joinNegativeLift(args), options: FLAGS, strict: true }));
  } catch (error) {
    const reason = error instanceof Error ? error.message.split(". ")[0] : String(error);
    return { sentence: `${reason}. See --help for what there is.` };
  }
  if (values.help) return { help: HELP };
  const numbers = {
    people: check("people", values.people, { min: 1, max: 100_000_000, whole: true }),
    base: check("base", values.base, { min: 0, max: 100 }),
    lift: check("lift", values.lift, { min: -100, max: 10_000 }),
    rate: check("rate", values.rate, { min: 1, max: 100_000 }),
    seed: check("seed", values.seed, { min: 0, max: 4_294_967_295, whole: true }),
  };
  const wrong = Object.values(numbers).find((value) => typeof value === "string");
  if (wrong !== undefined) return { sentence: String(wrong) };
  const { people, base, lift, rate, seed } = numbers as Record<keyof typeof numbers, number>;
  if (base * (1 + lift / 100) > 100) {
    return { sentence: `A base of ${base} % with a lift of ${lift} % is more than 100 %. Lower one of them.` };
  }
  const run = values.run ?? newRun();
  if (!/^[\w.-]{1,40}$/.test(run))
    return { sentence: "--run must be 1 to 40 letters, digits, dots, dashes or underscores." };
  return { options: { people, base, lift, rate, seed, run, json: values.json } };
}
