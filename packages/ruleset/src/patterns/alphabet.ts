import type { AST } from "@eslint-community/regexpp";

/** Code points from the first to the last of each pair, in order and apart from each other. */
export type Ranges = readonly (readonly [first: number, last: number])[];

/** Code points that no part of a pattern tells apart: one stands for all of them. */
export interface Letter {
  sample: number;
  isWord: boolean;
  /** By the set's number: whether it holds this letter. */
  isIn: boolean[];
}

const LAST = 0x10ffff;
/** `\w`, which `\b` asks for. */
const WORD: Ranges = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
];

/** What one place of a pattern may be: `a`, `.`, `\d`, `\p{L}`, `[^a-z]`. */
export function rangesOf(node: AST.Character | AST.CharacterSet | AST.ClassRangesCharacterClass): Ranges {
  if (node.type === "Character") return [[node.value, node.value]];
  if (node.type === "CharacterSet") return scanned(node.raw);
  const parts = node.elements.map((element) =>
    element.type === "CharacterClassRange"
      ? ([[element.min.value, element.max.value]] as const)
      : rangesOf(element as AST.Character | AST.CharacterSet),
  );
  const joined = join(parts.flat());
  return node.negate ? without(joined) : joined;
}

const known = new Map<string, Ranges>();
const KNOWN_MAX = 200;

/** Of a set that has a name, by asking the engine about every code point, once. */
function scanned(raw: string): Ranges {
  const before = known.get(raw);
  if (before) return before;
  const set = new RegExp(`^${raw}$`, "u");
  const ranges: [number, number][] = [];
  for (let point = 0; point <= LAST; point++) {
    if (!set.test(String.fromCodePoint(point))) continue;
    const last = ranges.at(-1);
    if (last && last[1] === point - 1) last[1] = point;
    else ranges.push([point, point]);
  }
  if (known.size >= KNOWN_MAX) known.clear();
  known.set(raw, ranges);
  return ranges;
}

function join(ranges: readonly (readonly [number, number])[]): Ranges {
  const joined: [number, number][] = [];
  for (const [first, end] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = joined.at(-1);
    if (last && first <= last[1] + 1) last[1] = Math.max(last[1], end);
    else joined.push([first, end]);
  }
  return joined;
}

function without(ranges: Ranges): Ranges {
  const others: [number, number][] = [];
  let next = 0;
  for (const [first, last] of ranges) {
    if (first > next) others.push([next, first - 1]);
    next = last + 1;
  }
  if (next <= LAST) others.push([next, LAST]);
  return others;
}

/** The letters that these sets tell apart; together they are all code points. */
export function lettersOf(sets: readonly Ranges[]): Letter[] {
  const all = [...sets, WORD];
  // Those that can be read come first, for the texts that are shown.
  const starts = new Set(Array.from({ length: 94 }, (_, i) => 0x7e - i)).add(0);
  for (const [first, last] of all.flat()) starts.add(first).add(last + 1);
  const letters = new Map<string, Letter>();
  for (const start of starts) {
    if (start > LAST) continue;
    const isIn = all.map((set) => isWithin(start, set));
    const name = isIn.map(Number).join("");
    if (!letters.has(name)) letters.set(name, { sample: start, isWord: isIn.pop() === true, isIn });
  }
  return [...letters.values()];
}

function isWithin(point: number, ranges: Ranges): boolean {
  let [low, high] = [0, ranges.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const [first, last] = ranges[middle] ?? [0, 0];
    if (point < first) high = middle - 1;
    else if (point > last) low = middle + 1;
    else return true;
  }
  return false;
}
