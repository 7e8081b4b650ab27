import { type AST, RegExpParser } from "@eslint-community/regexpp";

/** For tests: an engine that goes back on its steps, as ECMAScript describes it, and counts where ways come to their end. */

type Go = (at: number) => boolean;

export class TooManySteps extends Error {}

/** Whether the pattern is found in the text, and in how many steps. @throws TooManySteps */
export function backtrack(pattern: string, text: string, stepsMax: number): { isFound: boolean; steps: number } {
  const parsed = new RegExpParser({ ecmaVersion: 2024 }).parsePattern(pattern, 0, pattern.length, { unicode: true });
  const engine = new Engine([...text], stepsMax);
  for (let start = 0; start <= engine.text.length; start++) {
    if (engine.alternatives(parsed.alternatives, start, () => true)) return { isFound: true, steps: engine.steps };
  }
  return { isFound: false, steps: engine.steps };
}

class Engine {
  steps = 0;
  readonly text: readonly string[];
  private readonly stepsMax: number;

  constructor(text: readonly string[], stepsMax: number) {
    this.text = text;
    this.stepsMax = stepsMax;
  }

  alternatives(alternatives: readonly AST.Alternative[], at: number, go: Go): boolean {
    return alternatives.some(({ elements }) => this.sequence(elements, 0, at, go));
  }

  /** A way comes to its end where something is tried to be taken, and where something does not hold. */
  private end(): false {
    this.steps++;
    if (this.steps > this.stepsMax) throw new TooManySteps();
    return false;
  }

  private check(holds: boolean): boolean {
    return holds || this.end();
  }

  private sequence(elements: readonly AST.Element[], index: number, at: number, go: Go): boolean {
    const element = elements[index];
    return element ? this.element(element, at, (next) => this.sequence(elements, index + 1, next, go)) : go(at);
  }

  private element(element: AST.Element, at: number, go: Go): boolean {
    switch (element.type) {
      case "Group":
      case "CapturingGroup":
        return this.alternatives(element.alternatives, at, go);
      case "Quantifier":
        return this.repeat(element, 0, at, go);
      case "Assertion":
        return this.assertion(element, at) && go(at);
      case "Backreference":
        throw new Error("not here");
      default: {
        const character = this.text[at];
        const isTaken = character !== undefined && new RegExp(`^${element.raw}$`, "u").test(character);
        this.end();
        return isTaken && go(at + 1);
      }
    }
  }

  private repeat(quantifier: AST.Quantifier, done: number, at: number, go: Go): boolean {
    const { element, min, max, greedy } = quantifier;
    const again = () =>
      done < max &&
      this.element(element, at, (next) =>
        // A round that is not needed and takes nothing fails.
        next === at && done >= min ? this.end() : this.repeat(quantifier, done + 1, next, go),
      );
    if (done < min) return again();
    return greedy ? again() || go(at) : go(at) || again();
  }

  private assertion(assertion: AST.Assertion, at: number): boolean {
    const isWord = (place: number) => /^\w$/.test(this.text[place] ?? "");
    if (assertion.kind === "word") return this.check((isWord(at - 1) !== isWord(at)) !== assertion.negate);
    if (!("alternatives" in assertion)) return this.check(at === (assertion.kind === "start" ? 0 : this.text.length));
    if (assertion.kind === "lookbehind") throw new Error("not here");
    return this.alternatives(assertion.alternatives, at, () => true) !== assertion.negate;
  }
}
