/**
 * The laws of the house as data: which room may import which. A room's own tests may import `testing` as well.
 * An entry of the form `ruleset/read` allows that entry of the package and not its others.
 */
export const mayImport: Record<string, readonly string[]> = {
  access: [],
  evaluator: [],
  stats: [],
  configuration: ["evaluator"],
  release: ["configuration", "stats"],
  ui: [],
  embedded: [],
  db: [],
  sdk: ["evaluator"],
  react: ["sdk"],
  openfeature: ["sdk"],
  cli: ["sdk", "evaluator"],
  ruleset: ["evaluator", "configuration", "db"],
  events: ["evaluator", "configuration"],
  analysis: ["events", "stats", "configuration"],
  control: ["db", "ruleset", "evaluator", "analysis", "configuration", "release", "access"],
  api: ["control", "events", "analysis", "configuration", "release", "access"],
  testing: ["embedded", "db", "events", "evaluator"],
  dashboard: ["api", "ui", "sdk", "react", "configuration", "release", "access"],
  edge: ["ruleset/read", "events", "evaluator"],
  worker: ["control", "events", "analysis", "configuration", "release", "db"],
  storefront: ["sdk", "react"],
  prisma: ["control", "configuration", "sdk"],
  scripts: ["control", "db", "embedded", "events", "prisma", "ui/csv"],
  e2e: ["sdk", "testing"],
};

/** Folders inside a room with a stricter law than the room's. */
export const stricter: { room: string; folder: string; mayImport: readonly string[] }[] = [
  { room: "ruleset", folder: "src/read/", mayImport: ["evaluator", "db/require-scram"] },
  { room: "ruleset", folder: "src/compile/", mayImport: ["evaluator", "configuration"] },
];

/** Names that become drawers. */
export const forbiddenNames: readonly string[] = ["shared", "lib", "utils", "common", "types", "helpers", "services"];

/** Sizes that keep the tail short. */
export const budgets = { linesPerFile: 300, sourceFilesPerFolder: 12, depthUnderSource: 4 };
