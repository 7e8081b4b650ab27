import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import type { AskedMoments, MomentsQuery } from "../moments.ts";
import { numeric } from "../numbers.ts";
import { Answer, answerRow } from "./answer.ts";
import { buildCaps, buildMoments, buildValues, capsOf, type Statement } from "./build.ts";
import { foldMoments } from "./fold.ts";
import { type Caps, noCaps } from "./kinds/totals.ts";
import { limitError } from "./limit-error.ts";

/** Values of a breakdown that are told apart. */
const VALUES_MAX = 20;

const answerSchema = z.object({
  data: z.array(answerRow),
  statistics: z.object({ elapsed: z.number(), rows_read: numeric }),
});

/** Asks one store, adding up what the statements cost. */
class Asker {
  readonly asked: Statement[] = [];
  readonly cost = { rows: 0, seconds: 0 };
  readonly #client: ClickHouseClient;
  readonly #limitSeconds: number | undefined;
  readonly #signal: AbortSignal | undefined;

  constructor(client: ClickHouseClient, limitSeconds: number | undefined, signal: AbortSignal | undefined) {
    this.#client = client;
    this.#limitSeconds = limitSeconds;
    this.#signal = signal;
  }

  async rows(statement: Statement): Promise<Record<string, unknown>[]> {
    this.#signal?.throwIfAborted();
    this.asked.push(statement);
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
    const left = this.#limitSeconds === undefined ? undefined : this.#limitSeconds - this.cost.seconds;
    return {
      output_format_json_quote_64bit_integers: 1,
      // What many metrics make of a statement is long, and its value lists too.
      max_query_size: "4000000",
      max_ast_elements: "500000",
      max_expanded_ast_elements: "5000000",
      ...(left !== undefined && { max_execution_time: Math.max(left, 0.001) }),
    } as const;
  }
}

/**
 * Reads an experiment's moments. Caps and the values of a breakdown are asked first, and only where there are any.
 * @throws MomentsLimitError when the store gave up.
 */
export async function selectMoments(
  client: ClickHouseClient,
  query: MomentsQuery,
  signal?: AbortSignal,
): Promise<AskedMoments> {
  const asker = new Asker(client, query.limitSeconds, signal);
  const caps = await selectCaps(asker, query);
  const values = query.breakdown === undefined ? undefined : await selectValues(asker, query);
  const { scope, parts, ...statement } = buildMoments(query, caps, values);
  const rows = await asker.rows(statement);
  return {
    moments: foldMoments({ query, scope, parts, caps, values, rows }),
    query: textOf(asker.asked),
    cost: asker.cost,
  };
}

async function selectCaps(asker: Asker, query: MomentsQuery): Promise<Caps[]> {
  if (!query.metrics.some(({ definition }) => "cap" in definition && definition.cap)) {
    return query.metrics.map(() => noCaps);
  }
  const [row] = await asker.rows(buildCaps(query));
  const answer = new Answer(row);
  return capsOf(query, (column) => answer.float(column));
}

async function selectValues(asker: Asker, query: MomentsQuery): Promise<string[]> {
  const rows = await asker.rows(buildValues(query, VALUES_MAX));
  return rows.map((row) => z.object({ value: z.string() }).parse(row).value);
}

/** The statements one after another; where there are several, the parameters of each carry its number. */
function textOf(asked: readonly Statement[]): AskedMoments["query"] {
  const [only] = asked;
  if (only && asked.length === 1) return only;
  const parameters = asked.flatMap((one, i) =>
    Object.entries(one.parameters).map(([name, value]) => [`q${i}_${name}`, value] as const),
  );
  const texts = asked.map(({ text }, i) => text.replace(/\{p(\d+):/g, `{q${i}_p$1:`));
  return { text: texts.join(";\n\n"), parameters: Object.fromEntries(parameters) };
}
