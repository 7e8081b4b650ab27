import path from "node:path";
import { budgets, forbiddenNames, mayImport, stricter } from "./laws.ts";

/** A source file of the repository: its path from the root and its text. */
export interface SourceFile {
  path: string;
  text: string;
}

const importPattern = /(?:from|import)\s*\(?\s*["'](@telltale\/[a-z-]+(?:\/[\w./-]+)?)["']/g;
/** Tests, and what only they use: by convention files named fixtures or fakes. */
const isTest = (file: string) => /(\.test|\/fixtures|\/fakes)\.tsx?$/.test(file) || file.startsWith("e2e/");

/** Every break of a law, a sentence each. */
export function inspect(files: SourceFile[]): string[] {
  return [...files.flatMap(inspectFile), ...inspectFolders(files.map((file) => file.path))].sort();
}

/** `packages/sdk/src/a.ts` → `sdk`; undefined outside the rooms. */
export function roomOf(file: string): string | undefined {
  const [first, second] = file.split("/");
  if (first === "packages" || first === "apps") return second;
  return first !== undefined && first in mayImport ? first : undefined;
}

function inspectFile({ path: file, text }: SourceFile): string[] {
  const problems: string[] = [];
  const lines = text.split("\n").length - 1;
  if (lines > budgets.linesPerFile)
    problems.push(`${file} has ${lines} lines; the budget is ${budgets.linesPerFile}: find the second thing in it.`);
  if (/^export \* from/m.test(text)) problems.push(`${file} has "export *": name what is exported.`);
  const room = roomOf(file);
  if (!room) return problems;
  const allowed = allowedIn(room, file);
  for (const [, specifier = ""] of text.matchAll(importPattern)) {
    const target = specifier.replace("@telltale/", "");
    const name = target.split("/")[0] ?? target;
    if (name === room) continue;
    if (allowed.includes(target) || allowed.includes(name)) continue;
    if (isTest(file) && !["dashboard", "edge", "worker", "storefront"].includes(name)) continue;
    problems.push(`${file} imports ${specifier}: ${room} may import ${allowed.join(", ") || "nothing of ours"}.`);
  }
  return problems;
}

function allowedIn(room: string, file: string): readonly string[] {
  const strict = stricter.find((law) => law.room === room && file.includes(`/${room}/${law.folder}`));
  return strict?.mayImport ?? mayImport[room] ?? [];
}

function inspectFolders(files: string[]): string[] {
  const problems: string[] = [];
  const counts = new Map<string, number>();
  for (const file of files) {
    const folder = path.posix.dirname(file);
    if (!isTest(file)) counts.set(folder, (counts.get(folder) ?? 0) + 1);
    const bad = folder.split("/").find((part) => forbiddenNames.includes(part));
    if (bad) problems.push(`${file}: "${bad}" is a drawer, not a room; name the folder after what is in it.`);
    const under = folder.split("/src/")[1];
    const depth = under ? under.split("/").length : 0;
    if (depth > budgets.depthUnderSource && !folder.includes("/src/app/"))
      problems.push(`${file} is ${depth} folders deep.`);
  }
  for (const [folder, count] of counts) {
    if (count <= budgets.sourceFilesPerFolder) continue;
    problems.push(
      `${folder} has ${count} source files; the budget is ${budgets.sourceFilesPerFolder}: find the two things in it.`,
    );
  }
  return problems;
}
