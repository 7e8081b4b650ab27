import { z } from "zod";

/** A row of a statement's answer; whole numbers come as text, since they have up to 256 bits. */
export const answerRow = z.record(z.string(), z.unknown());

/** A whole number of an answer. */
export const integer = z.union([z.string().regex(/^-?\d+$/), z.int()]).transform((value) => BigInt(value));
export const integers = z.array(integer);
const float = z.number().nullable();
const floats = z.array(float);

/**
 * Reads the columns of a row by name; without a row, all that is counted is 0. @throws when the store answered something
 * else than it was asked for.
 */
export class AnswerRow {
  readonly #row: Record<string, unknown> | undefined;

  constructor(row: Record<string, unknown> | undefined) {
    this.#row = row;
  }

  integer(name: string): bigint {
    return this.#row ? integer.parse(this.#row[name]) : 0n;
  }

  integers(name: string): bigint[] {
    return this.#row ? integers.parse(this.#row[name]) : [];
  }

  count(name: string): number {
    return Number(this.integer(name));
  }

  counts(name: string): number[] {
    return this.integers(name).map(Number);
  }

  /** Null for what is not a number. */
  float(name: string): number | null {
    return this.#row ? float.parse(this.#row[name]) : null;
  }

  /** Null for what is not a number. */
  floats(name: string): (number | null)[] {
    return this.#row ? floats.parse(this.#row[name]) : [];
  }
}
