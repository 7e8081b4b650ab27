/** Who asks, in the order of a row. The last two are no members; the neighbour has a project of the same keys. */
export const ACTORS = ["signed out", "viewer", "owner", "neighbour", "nobody's member"] as const;

/** What an answer may be. Nothing else is one: a 500 fails, and so does FORBIDDEN where NOT_FOUND stands. */
export type Outcome = "allowed" | "UNAUTHORIZED" | "FORBIDDEN" | "NOT_FOUND";

export type Row = readonly [Outcome, Outcome, Outcome, Outcome, Outcome];

/**
 * Who may call what, of a thing in the organisation `demo`: the table that is reviewed. A procedure without a row fails
 * the test beside it, and so does a row without a procedure.
 */
export const OUTCOMES: Readonly<Record<string, Row>> = {
  "session.me": ["UNAUTHORIZED", "allowed", "allowed", "allowed", "allowed"],

  "organisation.statistics": ["UNAUTHORIZED", "allowed", "allowed", "NOT_FOUND", "NOT_FOUND"],
  "organisation.setStatistics": ["UNAUTHORIZED", "FORBIDDEN", "allowed", "NOT_FOUND", "NOT_FOUND"],

  "project.get": ["UNAUTHORIZED", "allowed", "allowed", "NOT_FOUND", "NOT_FOUND"],
  "project.keys": ["UNAUTHORIZED", "allowed", "allowed", "NOT_FOUND", "NOT_FOUND"],
  "project.createKey": ["UNAUTHORIZED", "FORBIDDEN", "allowed", "NOT_FOUND", "NOT_FOUND"],
  "project.revokeKey": ["UNAUTHORIZED", "FORBIDDEN", "allowed", "NOT_FOUND", "NOT_FOUND"],

  "flag.list": ["UNAUTHORIZED", "allowed", "allowed", "NOT_FOUND", "NOT_FOUND"],
  "flag.get": ["UNAUTHORIZED", "allowed", "allowed", "NOT_FOUND", "NOT_FOUND"],
  "flag.history": ["UNAUTHORIZED", "allowed", "allowed", "NOT_FOUND", "NOT_FOUND"],
  "flag.usage": ["UNAUTHORIZED", "allowed", "allowed", "NOT_FOUND", "NOT_FOUND"],
  "flag.lastSeen": ["UNAUTHORIZED", "allowed", "allowed", "NOT_FOUND", "NOT_FOUND"],
  "flag.create": ["UNAUTHORIZED", "FORBIDDEN", "allowed", "NOT_FOUND", "NOT_FOUND"],
  "flag.configure": ["UNAUTHORIZED", "FORBIDDEN", "allowed", "NOT_FOUND", "NOT_FOUND"],
  "flag.switch": ["UNAUTHORIZED", "FORBIDDEN", "allowed", "NOT_FOUND", "NOT_FOUND"],
  "flag.revert": ["UNAUTHORIZED", "FORBIDDEN", "allowed", "NOT_FOUND", "NOT_FOUND"],
  "flag.setVisibility": ["UNAUTHORIZED", "FORBIDDEN", "allowed", "NOT_FOUND", "NOT_FOUND"],
  "flag.archive": ["UNAUTHORIZED", "FORBIDDEN", "allowed", "NOT_FOUND", "NOT_FOUND"],

  "segment.list": ["UNAUTHORIZED", "allowed", "allowed", "NOT_FOUND", "NOT_FOUND"],
  "segment.get": ["UNAUTHORIZED", "allowed", "allowed", "NOT_FOUND", "NOT_FOUND"],
  "segment.save": ["UNAUTHORIZED", "FORBIDDEN", "allowed", "NOT_FOUND", "NOT_FOUND"],

  "metric.list": ["UNAUTHORIZED", "allowed", "allowed", "NOT_FOUND", "NOT_FOUND"],
  "metric.get": ["UNAUTHORIZED", "allowed", "allowed", "NOT_FOUND", "NOT_FOUND"],
  "metric.create": ["UNAUTHORIZED", "FORBIDDEN", "allowed", "NOT_FOUND", "NOT_FOUND"],
  "metric.update": ["UNAUTHORIZED", "FORBIDDEN", "allowed", "NOT_FOUND", "NOT_FOUND"],

  "experiment.list": ["UNAUTHORIZED", "allowed", "allowed", "NOT_FOUND", "NOT_FOUND"],
  "experiment.get": ["UNAUTHORIZED", "allowed", "allowed", "NOT_FOUND", "NOT_FOUND"],
  "experiment.create": ["UNAUTHORIZED", "FORBIDDEN", "allowed", "NOT_FOUND", "NOT_FOUND"],
  "experiment.sizing": ["UNAUTHORIZED", "allowed", "allowed", "NOT_FOUND", "NOT_FOUND"],
  "experiment.configure": ["UNAUTHORIZED", "FORBIDDEN", "allowed", "NOT_FOUND", "NOT_FOUND"],
  "experiment.start": ["UNAUTHORIZED", "FORBIDDEN", "allowed", "NOT_FOUND", "NOT_FOUND"],
  "experiment.stop": ["UNAUTHORIZED", "FORBIDDEN", "allowed", "NOT_FOUND", "NOT_FOUND"],
  "experiment.note": ["UNAUTHORIZED", "FORBIDDEN", "allowed", "NOT_FOUND", "NOT_FOUND"],
  // Whoever may read may ask for a run: it changes nothing.
  "experiment.refresh": ["UNAUTHORIZED", "allowed", "allowed", "NOT_FOUND", "NOT_FOUND"],
  "experiment.request": ["UNAUTHORIZED", "allowed", "allowed", "NOT_FOUND", "NOT_FOUND"],
  "experiment.results": ["UNAUTHORIZED", "allowed", "allowed", "NOT_FOUND", "NOT_FOUND"],
  "experiment.snapshots": ["UNAUTHORIZED", "allowed", "allowed", "NOT_FOUND", "NOT_FOUND"],
  "experiment.snapshot": ["UNAUTHORIZED", "allowed", "allowed", "NOT_FOUND", "NOT_FOUND"],
  "experiment.recompute": ["UNAUTHORIZED", "allowed", "allowed", "NOT_FOUND", "NOT_FOUND"],

  "layer.list": ["UNAUTHORIZED", "allowed", "allowed", "NOT_FOUND", "NOT_FOUND"],
  "layer.create": ["UNAUTHORIZED", "FORBIDDEN", "allowed", "NOT_FOUND", "NOT_FOUND"],

  "holdout.list": ["UNAUTHORIZED", "allowed", "allowed", "NOT_FOUND", "NOT_FOUND"],
  "holdout.create": ["UNAUTHORIZED", "FORBIDDEN", "allowed", "NOT_FOUND", "NOT_FOUND"],
  "holdout.end": ["UNAUTHORIZED", "FORBIDDEN", "allowed", "NOT_FOUND", "NOT_FOUND"],

  "ingestion.lag": ["UNAUTHORIZED", "allowed", "allowed", "NOT_FOUND", "NOT_FOUND"],
  "ingestion.waiting": ["UNAUTHORIZED", "allowed", "allowed", "NOT_FOUND", "NOT_FOUND"],

  "audit.list": ["UNAUTHORIZED", "allowed", "allowed", "NOT_FOUND", "NOT_FOUND"],
};
