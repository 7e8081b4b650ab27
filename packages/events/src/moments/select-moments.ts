import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import type { AskedMoments, MomentsQuery } from "../moments.ts";
import { numeric } from "../numbers.ts";
import { addUp } from "./answer/add-up.ts";
import { AnswerRow, answerRow } from "./answer/answer.ts";
import { foldMoments } from "./answer/fold.ts";
import type { Caps } from "./kinds/totals.ts";
import { limitError } from "./limit-error.ts";
import {
  buildBounds,
  buildCaps,
  buildEarly,
  buildMoments,
  buildValues,
  readCaps,
  type SqlStatement,
} from "./sql/build.ts";
import { earlyOf, type UnitsQuery } from "./sql/units.ts";

/** Units of a slice: few enough that what is known of them stays near the processor, and well within memory. */
const SLICE_UNITS = 2 ** 20;
/** What a slice's statement takes of memory for each of its units, about: smaller slices fit into smaller shares. */
const UNIT_BYTES = 1_024;
/** From which part of its memory on a statement's groups go through the disk: slower, but no error. */
const SPILL_SHARE = 0.75;
/** Values of a breakdown that are distinguished. */
const VALUES_MAX = 20;

const answerSchema = z.object({
  data: z.array(answerRow),
  statistics: z.object({ elapsed: z.number(), rows_read: numeric }),
});

/** What the statements of one question may take together. */
interface Limits {
  seconds: number | undefined;
  /** For each statement at a time. */
  memoryBytes: number | undefined;
}

/** Asks one store, adding up what the statements cost. */
export class Asker {
  /** What is told of the question: a statement that was cut into slices stands here whole. */
  readonly asked: SqlStatement[] = [];
  readonly cost = { rows: 0, seconds: 0 };
  readonly #client: ClickHouseClient;
  readonly #limits: Limits;
  readonly #signal: AbortSignal | undefined;

  constructor(client: ClickHouseClient, limits: Limits, signal: AbortSignal | undefined) {
    this.#client = client;
    this.#limits = limits;
    this.#signal = signal;
  }

  async rows(statement: SqlStatement): Promise<Record<string, unknown>[]> {
    this.#signal?.throwIfAborted();
    try {
      const result = await this.#client.query({
        query: statement.text,
        query_params: statement.parameters,
        format: "JSON",
        ...(this.#signal && { abort_signal: this.#signal }),
        clickhouse_settings: this.#settings(),
      });
      const { data, statistics } = answerSchema.parse(await result.json());
      this.cost.rows += statistics.rows_read;
      this.cost.seconds += statistics.elapsed;
      return data;
    } catch (error) {
      throw limitError(error);
    }
  }

  #settings() {
    const { seconds, memoryBytes } = this.#limits;
    const left = seconds === undefined ? undefined : seconds - this.cost.seconds;
    return {
      output_format_json_quote_64bit_integers: 1,
      // Arrays are not what it compiles; trying takes a third of the time of a small answer.
      compile_expressions: 0,
      // What many metrics make of a statement is long, and its value lists too.
      max_query_size: "4000000",
      max_ast_elements: "500000",
      max_expanded_ast_elements: "5000000",
      ...(left !== undefined && { max_execution_time: Math.max(left, 0.001) }),
      ...(memoryBytes !== undefined && {
        max_memory_usage: String(memoryBytes),
        max_bytes_before_external_group_by: String(Math.floor(memoryBytes * SPILL_SHARE)),
      }),
    } as const;
  }
}

/** What bounds a question besides its own time. */
export interface AskOptions {
  sliceUnits?: number | undefined;
  /** Most that one statement may take of the store's memory. */
  memoryBytes?: number | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Reads an experiment's moments. Caps at quantiles and the values of a breakdown are asked first, and only where there
 * are any.
 * @throws MomentsLimitError when the store gave up.
 */
export async function selectMoments(
  client: ClickHouseClient,
  plain: MomentsQuery,
  { sliceUnits = SLICE_UNITS, memoryBytes, signal }: AskOptions = {},
): Promise<AskedMoments> {
  const asker = new Asker(client, { seconds: plain.limitSeconds, memoryBytes }, signal);
  const query: UnitsQuery = { ...plain, early: await selectEarly(asker, plain) };
  const caps = await selectCaps(asker, query);
  const values = query.breakdown === undefined ? undefined : await selectValues(asker, query);
  const { scope, metricColumns, ...statement } = buildMoments(query, caps, values);
  asker.asked.push(statement);
  const fitting = memoryBytes === undefined ? sliceUnits : Math.min(sliceUnits, Math.ceil(memoryBytes / UNIT_BYTES));
  const bounds = await selectBounds(asker, query, fitting);
  const rows: Record<string, unknown>[] = [];
  for (const [k, until] of [...bounds, undefined].entries()) {
    rows.push(...(await asker.rows(buildMoments(query, caps, values, { from: bounds[k - 1], until }))));
  }
  return {
    moments: foldMoments({ query, scope, metricColumns, caps, values, rows: addUp(rows) }),
    query: textOf(asker.asked),
    cost: asker.cost,
  };
}

async function selectEarly(asker: Asker, query: MomentsQuery): Promise<UnitsQuery["early"]> {
  const [row] = await asker.rows(buildEarly(query));
  return earlyOf(z.object({ early: z.array(z.string()) }).parse(row).early);
}

async function selectCaps(asker: Asker, query: UnitsQuery): Promise<Caps[]> {
  const asks = query.metrics.some(
    ({ definition }) => "cap" in definition && definition.cap && "level" in definition.cap,
  );
  if (!asks) return readCaps(query, () => null);
  const statement = buildCaps(query);
  asker.asked.push(statement);
  const [row] = await asker.rows(statement);
  const answer = new AnswerRow(row);
  return readCaps(query, (column) => answer.float(column));
}

/** A quantile is read off all values of an arm together, so that its question cannot be cut. */
async function selectBounds(asker: Asker, query: MomentsQuery, sliceUnits: number): Promise<string[]> {
  if (query.metrics.some(({ definition }) => definition.kind === "quantile")) return [];
  const [row] = await asker.rows(buildBounds(query, sliceUnits));
  return z.object({ bounds: z.array(z.string()) }).parse(row).bounds;
}

async function selectValues(asker: Asker, query: UnitsQuery): Promise<string[]> {
  const statement = buildValues(query, VALUES_MAX);
  asker.asked.push(statement);
  const rows = await asker.rows(statement);
  return rows.map((row) => z.object({ value: z.string() }).parse(row).value);
}

/** The statements one after another; where there are several, the parameters of each carry its number. */
function textOf(asked: readonly SqlStatement[]): AskedMoments["query"] {
  const [only] = asked;
  if (only && asked.length === 1) return only;
  const parameters = asked.flatMap((one, i) =>
    Object.entries(one.parameters).map(([name, value]) => [`q${i}_${name}`, value] as const),
  );
  const texts = asked.map(({ text }, i) => text.replace(/\{p(\d+):/g, `{q${i}_p$1:`));
  return { text: texts.join(";\n\n"), parameters: Object.fromEntries(parameters) };
}
