import type { TelltaleEvent } from "@telltale/evaluator";

/** About how many ids are remembered: 3 MB, and 4 seconds at 60,000 events a second, 4 minutes at 1,000. */
const SLOTS = 2 ** 18;
/** Two hashes of the id and one of the unit, 32 bits each. */
const WORDS = 3;

/**
 * Which unit an event's id came with lately. The event store keeps one event for each unit that an id is sent with, so an
 * id that is used again for another unit counts twice. Nobody else knows of it in time: a store that looked for it by id
 * would cost more than the analysis may (ADR 20).
 *
 * A table of fixed size in which the newest takes the place of who was there: it forgets, so that some uses pass, and takes
 * an id for another by a chance of 2^-64 for each that it holds in the same slot. The seed is this process' own, so that
 * nobody can look for such ids.
 */
export class IdUses {
  readonly #slots: number;
  readonly #seed = Math.floor(Math.random() * 2 ** 32);
  #table = new Uint32Array();

  constructor({ slots = SLOTS } = {}) {
    this.#slots = slots;
  }

  /**
   * Remembers an event's id with its units, unless it came lately with another unit of the same kind in an event of the same
   * environment, type and name: then nothing changes, and it answers false.
   */
  take(environmentId: string, event: TelltaleEvent): boolean {
    // An edge that is sent no events needs no room for them.
    if (this.#table.length === 0) this.#table = new Uint32Array(this.#slots * WORDS);
    const uses = this.#usesOf(environmentId, event);
    if (uses.some((use) => this.#isOther(use))) return false;
    for (const { at, first, second, unit } of uses) {
      this.#table[at] = first;
      this.#table[at + 1] = second;
      this.#table[at + 2] = unit;
    }
    return true;
  }

  #usesOf(environmentId: string, event: TelltaleEvent): Use[] {
    switch (event.type) {
      case "exposure":
        return [this.#useOf([event.id, event.by, "exposure", event.experiment, environmentId], event.unit)];
      case "track": {
        const { name, id, units } = event;
        return Object.entries(units).map(([by, unit]) => this.#useOf([id, by, "track", name, environmentId], unit));
      }
      case "evaluations":
      case "observations":
        return [];
    }
  }

  #useOf(parts: readonly string[], unit: string): Use {
    const [first, second] = hash(parts, this.#seed);
    return { at: (first % this.#slots) * WORDS, first, second, unit: hash([unit], this.#seed)[0] };
  }

  #isOther({ at, first, second, unit }: Use): boolean {
    const table = this.#table;
    return table[at] === first && table[at + 1] === second && table[at + 2] !== unit;
  }
}

/** An id with a unit, as the table holds it. */
interface Use {
  at: number;
  first: number;
  second: number;
  unit: number;
}

/**
 * 64 bits of some texts, as two whole numbers: cyrb53 (bryc, public domain) with both its halves. Half of
 * what two murmur3 of the texts' bytes take; nothing outside this process sees it.
 */
function hash(texts: readonly string[], seed: number): readonly [number, number] {
  let a = 0xdeadbeef ^ seed;
  let b = 0x41c6ce57 ^ seed;
  for (const text of texts) {
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      a = Math.imul(a ^ unit, 0x9e3779b1);
      b = Math.imul(b ^ unit, 0x5f356495);
    }
    // Control characters are in none of the texts: "a", "bc" is not "ab", "c".
    a = Math.imul(a ^ 1, 0x9e3779b1);
    b = Math.imul(b ^ 1, 0x5f356495);
  }
  const first = Math.imul(a ^ (a >>> 16), 0x85ebca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35);
  const second = Math.imul(b ^ (b >>> 16), 0x85ebca6b) ^ Math.imul(first ^ (first >>> 13), 0xc2b2ae35);
  return [first >>> 0, second >>> 0];
}
