import { type AST, RegExpParser } from "@eslint-community/regexpp";
import { type Letter, lettersOf, type Ranges, rangesOf } from "./alphabet.ts";

/** What an engine that goes back on its steps does with a pattern: instructions that name the next ones by number. */
export type Instruction =
  /** Takes one character of a set. */
  | { kind: "take"; set: number; next: number }
  /** Goes on at each of these, one after the other. */
  | { kind: "split"; nexts: number[] }
  | { kind: "start" | "end" | "border" | "noBorder"; next: number }
  /** A repetition begins another round, and ends it: one that took nothing fails. */
  | { kind: "round" | "roundEnd"; loop: number; next: number }
  /** Looks behind: at most so many more steps. */
  | { kind: "steps"; steps: number; next: number }
  | { kind: "found" | "fail" };

export interface Program {
  code: Instruction[];
  begin: number;
  letters: Letter[];
  /** Whether what is found is certain: not where something is looked for on the side. */
  isCertain: boolean;
}

/** What keeps a pattern from being vetted, in words for who wrote it. */
export class Unvettable extends Error {}

const INSTRUCTIONS_MAX = 2_000;
/** Of looking behind, each time. */
const STEPS_MAX = 1_000;

/** @throws Unvettable */
export function programOf(pattern: string): Program {
  const parser = new RegExpParser({ ecmaVersion: 2024 });
  let parsed: AST.Pattern;
  try {
    parsed = parser.parsePattern(pattern, 0, pattern.length, { unicode: true });
  } catch {
    throw new Unvettable("uses something that not every JavaScript engine reads");
  }
  const builder = new Builder();
  const begin = builder.alternatives(parsed.alternatives, builder.add({ kind: "found" }));
  return { code: builder.code, begin, letters: lettersOf(builder.sets), isCertain: builder.isCertain };
}

/** Builds from the end: what is added knows what comes after it. */
class Builder {
  readonly code: Instruction[] = [];
  readonly sets: Ranges[] = [];
  isCertain = true;
  private readonly numbers = new Map<string, number>();
  private loops = 0;

  add(instruction: Instruction): number {
    if (this.code.length >= INSTRUCTIONS_MAX) throw new Unvettable("is too long when its repetitions are written out");
    return this.code.push(instruction) - 1;
  }

  alternatives(alternatives: readonly AST.Alternative[], next: number): number {
    const nexts = alternatives.map(({ elements }) => this.sequence(elements, next));
    return nexts.length === 1 ? (nexts[0] as number) : this.add({ kind: "split", nexts });
  }

  private sequence(elements: readonly AST.Element[], next: number): number {
    return elements.reduceRight((after, element) => this.element(element, after), next);
  }

  private element(element: AST.Element, next: number): number {
    switch (element.type) {
      case "Character":
      case "CharacterSet":
      case "CharacterClass":
        return this.add({ kind: "take", set: this.setOf(element as AST.ClassRangesCharacterClass), next });
      case "Group":
      case "CapturingGroup":
        return this.alternatives(element.alternatives, next);
      case "Quantifier":
        return this.quantifier(element, next);
      case "Assertion":
        return this.assertion(element, next);
      default:
        throw new Unvettable("refers back to what a group has found");
    }
  }

  private setOf(node: AST.Character | AST.CharacterSet | AST.ClassRangesCharacterClass): number {
    const number = this.numbers.get(node.raw) ?? this.sets.push(rangesOf(node)) - 1;
    this.numbers.set(node.raw, number);
    return number;
  }

  private quantifier({ element, min, max }: AST.Quantifier, next: number): number {
    let after = next;
    if (max === Number.POSITIVE_INFINITY) {
      const loop = this.loops++;
      const again = this.add({ kind: "split", nexts: [next] });
      const end = this.add({ kind: "roundEnd", loop, next: again });
      const round = this.add({ kind: "round", loop, next: this.element(element, end) });
      (this.code[again] as { nexts: number[] }).nexts.unshift(round);
      after = again;
    } else {
      for (let i = min; i < max; i++) {
        after = this.add({ kind: "split", nexts: [this.element(element, after), next] });
      }
    }
    for (let i = 0; i < min; i++) after = this.element(element, after);
    return after;
  }

  private assertion(assertion: AST.Assertion, next: number): number {
    if (assertion.kind === "word") return this.add({ kind: assertion.negate ? "noBorder" : "border", next });
    if (!("alternatives" in assertion)) return this.add({ kind: assertion.kind, next });
    this.isCertain = false;
    if (assertion.kind === "lookahead") {
      const side = this.alternatives(assertion.alternatives, this.add({ kind: "fail" }));
      return this.add({ kind: "split", nexts: [side, next] });
    }
    const { ways, steps } = boundOf(assertion.alternatives);
    if (steps * ways > STEPS_MAX) throw new Unvettable("looks behind without a small bound");
    return this.add({ kind: "steps", steps: steps * ways, next });
  }
}

/** In how many ways something can be found at most, and how many steps they have together. */
interface Bound {
  ways: number;
  steps: number;
}

function boundOf(alternatives: readonly AST.Alternative[]): Bound {
  const bounds = alternatives.map(({ elements }) => inSequence(elements.map(boundOfElement)));
  return {
    ways: bounds.reduce((sum, { ways }) => sum + ways, 0),
    steps: bounds.reduce((sum, { steps }) => sum + steps, 1),
  };
}

function inSequence(bounds: readonly Bound[]): Bound {
  const ways = bounds.reduce((product, bound) => product * bound.ways, 1);
  return { ways, steps: ways * bounds.reduce((sum, { steps }) => sum + steps, 0) };
}

function boundOfElement(element: AST.Element): Bound {
  switch (element.type) {
    case "Group":
    case "CapturingGroup":
      return boundOf(element.alternatives);
    case "Quantifier": {
      const { ways, steps } = boundOfElement(element.element);
      if (element.max > STEPS_MAX) throw new Unvettable("looks behind without a bound");
      const most = (ways + 1) ** element.max;
      return { ways: most, steps: most * element.max * Math.max(1, steps) };
    }
    case "Assertion":
      if (element.kind === "lookahead" || element.kind === "lookbehind") return boundOf(element.alternatives);
      return { ways: 1, steps: 1 };
    case "Backreference":
      throw new Unvettable("refers back to what a group has found");
    default:
      return { ways: 1, steps: 1 };
  }
}
