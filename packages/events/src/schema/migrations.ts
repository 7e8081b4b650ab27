import { exposures } from "./0001-exposures.ts";
import { tracks } from "./0002-tracks.ts";
import { evaluations } from "./0003-evaluations.ts";
import { exposure, exposureTable } from "./0004-exposure.ts";
import { track, trackTable } from "./0005-track.ts";
import { evaluation, evaluationTable } from "./0006-evaluation.ts";
import { lastSeen, lastSeenTable } from "./0007-last-seen.ts";
import { move } from "./0008-move.ts";
import { units } from "./0009-units.ts";
import type { Table } from "./layout.ts";
import type { Migration } from "./migration.ts";

/** All steps in order. */
export const migrations: readonly Migration[] = [
  exposures,
  tracks,
  evaluations,
  exposure,
  track,
  evaluation,
  lastSeen,
  move,
  units,
];

/** The tables whose rows leave after the retention. */
export const keptTables: readonly Table[] = [exposureTable, trackTable, evaluationTable, lastSeenTable];
