import type { Letter } from "./alphabet.ts";
import type { Instruction, Program } from "./program.ts";

/** Most steps at one character of a text, all ways and all beginnings together: a text's time is its length times this. */
const STEPS_MAX = 500;
/** Work on one pattern; what is not decided by then is refused. */
const WORK_MAX = 1_000_000;

/** Steps a character at most; or a text at which there are too many, or that there was too much to look at. */
export type Finding = { steps: number } | { slow: string } | "undecided";

/** Where an engine stands in a text. */
interface Place {
  isStart: boolean;
  /** What the character before is. */
  isAfterWord: boolean;
}

/** How many ways lead to each instruction from which a pattern goes on, after some text. */
interface State extends Place {
  ways: Map<number, number>;
  /** Whether some beginning has been found: no later one is tried. */
  isFound: boolean;
  text: string;
}

/** What is tried at one character, or at the end, before anything is taken. */
interface Attempts {
  /** By instruction, how often. */
  takes: Map<number, number>;
  /** Every way comes to its end here: at something to take, or at something that does not hold. */
  count: number;
  isFound: boolean;
}

/** After the last character: nothing is taken there, but much may be tried. */
const END: Letter = { sample: 0, isWord: false, isIn: [] };

/**
 * Bounds the steps of an engine that goes back on its steps, for every text. It looks at texts letter by letter and
 * counts in how many ways each place of the pattern can be reached; at every character the pattern may also start
 * again. What more ways can do, fewer cannot surpass: a state that is nowhere above one already seen is not looked at
 * again.
 *
 * For `a+b` on `aaa…`: 1 way after one a, 2 after two (from the first a and from the second), …: it grows with the text.
 */
export function explore(program: Program): Finding {
  const most = bound(program);
  if (most !== undefined) return { steps: most };
  const plain = search(program, false);
  // What may start again grows; but where something is found, an engine stops.
  return (typeof plain === "object" && "steps" in plain) || !program.isCertain ? plain : search(program, true);
}

/**
 * A bound that is too high, and quickly found: all texts at once, as if the most ways of any of them led to each place.
 * Undefined where these have no end.
 */
function bound(program: Program): number | undefined {
  const walk = new Walk(program);
  const after = new Map<boolean, State>();
  const open = [walk.begin()];
  let most = 0;
  for (let state = open.pop(); state; state = open.pop()) {
    for (const letter of [END, ...program.letters]) {
      const { count, state: next } = walk.step(state, letter, false);
      most = Math.max(most, count);
      if (most > STEPS_MAX || walk.work > WORK_MAX) return undefined;
      const known = after.get(letter.isWord);
      if (letter === END || (known && isCovered(next.ways, known.ways))) continue;
      for (const [place, times] of known?.ways ?? []) next.ways.set(place, Math.max(times, next.ways.get(place) ?? 0));
      after.set(letter.isWord, next);
      open.push(next);
    }
  }
  return most;
}

const isCovered = (ways: ReadonlyMap<number, number>, by: ReadonlyMap<number, number>): boolean =>
  [...ways].every(([place, count]) => (by.get(place) ?? 0) >= count);

function search(program: Program, stopsWhenFound: boolean): Finding {
  const walk = new Walk(program);
  const seen = new Map<string, Map<number, number>[]>();
  const open: State[] = [walk.begin()];
  let most = 0;
  while (open.length > 0) {
    const state = open.pop() as State;
    const next: { count: number; state: State }[] = [];
    for (const letter of [END, ...program.letters]) {
      const { count, state: after } = walk.step(state, letter, stopsWhenFound);
      if (count > STEPS_MAX) return { slow: after.text };
      if (walk.work > WORK_MAX) return "undecided";
      most = Math.max(most, count);
      if (letter !== END) next.push({ count, state: after });
    }
    // The worst last, which is looked at first: what it has seen makes the others short.
    next.sort((a, b) => a.count - b.count);
    for (const { state: after } of next) if (isNew(after, seen, stopsWhenFound, walk)) open.push(after);
  }
  return { steps: most };
}

/** Whether there is no state that stands alike and has at least as many ways everywhere. */
function isNew(state: State, seen: Map<string, Map<number, number>[]>, exact: boolean, walk: Walk): boolean {
  const { ways, isFound, isAfterWord } = state;
  // Where more ways may be found sooner, only those compare that go on from the same places.
  const places = exact && !isFound ? [...ways.keys()].sort((a, b) => a - b).join() : "";
  const name = `${isFound} ${isAfterWord} ${places}`;
  const alike = seen.get(name) ?? [];
  for (const other of alike) {
    walk.work += ways.size;
    if (isCovered(ways, other)) return false;
  }
  alike.push(ways);
  seen.set(name, alike);
  return true;
}

class Walk {
  work = 0;
  private readonly program: Program;
  private readonly known = new Map<string, Attempts>();

  constructor(program: Program) {
    this.program = program;
  }

  begin(): State {
    return { ways: new Map([[this.program.begin, 1]]), isStart: true, isAfterWord: false, isFound: false, text: "" };
  }

  /** The state after one more letter, and how many attempts it took. */
  step(state: State, letter: Letter, stopsWhenFound: boolean): { count: number; state: State } {
    const ways = new Map<number, number>();
    let [count, isFound] = [0, state.isFound];
    for (const [from, times] of state.ways) {
      const attempts = this.attempts(from, state, letter);
      count += times * attempts.count;
      isFound ||= stopsWhenFound && attempts.isFound;
      for (const [at, more] of attempts.takes) {
        this.work++;
        const instruction = this.program.code[at];
        if (instruction?.kind !== "take" || letter.isIn[instruction.set] !== true) continue;
        ways.set(instruction.next, (ways.get(instruction.next) ?? 0) + times * more);
      }
    }
    if (!isFound) ways.set(this.program.begin, (ways.get(this.program.begin) ?? 0) + 1);
    const text = letter === END ? state.text : state.text + String.fromCodePoint(letter.sample);
    return { count, state: { ways, isStart: false, isAfterWord: letter.isWord, isFound, text } };
  }

  private attempts(from: number, place: Place, letter: Letter): Attempts {
    const name = `${from} ${place.isStart} ${place.isAfterWord} ${letter === END ? "end" : letter.isWord}`;
    const before = this.known.get(name);
    if (before) return before;
    const attempts: Attempts = { takes: new Map(), count: 0, isFound: false };
    this.follow(from, place, letter, new Set(), attempts);
    this.known.set(name, attempts);
    return attempts;
  }

  /** All ways that take no character; @param rounds repetitions whose round began at this very character */
  private follow(at: number, place: Place, letter: Letter, rounds: ReadonlySet<number>, found: Attempts): void {
    this.work++;
    if (found.count > STEPS_MAX || this.work > WORK_MAX) return;
    const instruction = this.program.code[at];
    if (!instruction) return;
    const next = this.nexts(instruction, place, letter, rounds);
    if (instruction.kind === "take") found.takes.set(at, (found.takes.get(at) ?? 0) + 1);
    if (instruction.kind === "steps") found.count += instruction.steps;
    if (instruction.kind === "found") found.isFound = true;
    if (next.length === 0) found.count++;
    const begun = instruction.kind === "round" ? new Set(rounds).add(instruction.loop) : rounds;
    for (const one of next) this.follow(one, place, letter, begun, found);
  }

  /** Where it goes on without taking anything; nowhere, where a way ends. */
  private nexts(
    instruction: Instruction,
    place: Place,
    letter: Letter,
    rounds: ReadonlySet<number>,
  ): readonly number[] {
    const isBorder = place.isAfterWord !== letter.isWord;
    switch (instruction.kind) {
      case "split":
        return instruction.nexts;
      case "start":
        return place.isStart ? [instruction.next] : [];
      case "end":
        return letter === END ? [instruction.next] : [];
      case "border":
        return isBorder ? [instruction.next] : [];
      case "noBorder":
        return isBorder ? [] : [instruction.next];
      case "roundEnd":
        return rounds.has(instruction.loop) ? [] : [instruction.next];
      case "round":
      case "steps":
        return [instruction.next];
      case "take":
      case "found":
      // What is looked for on the side ends here.
      case "fail":
        return [];
    }
  }
}
