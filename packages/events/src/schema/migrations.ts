import type { Table } from "./layout.ts";
import type { Migration } from "./migration.ts";
import { exposures } from "./steps/0001-exposures.ts";
import { tracks } from "./steps/0002-tracks.ts";
import { evaluations } from "./steps/0003-evaluations.ts";
import { exposure, exposureTable } from "./steps/0004-exposure.ts";
import { track, trackTable } from "./steps/0005-track.ts";
import { evaluation, evaluationTable } from "./steps/0006-evaluation.ts";
import { lastSeen, lastSeenTable } from "./steps/0007-last-seen.ts";
import { move } from "./steps/0008-move.ts";
import { units } from "./steps/0009-units.ts";
import { earliest } from "./steps/0010-earliest.ts";
import {
  evaluationEventTable,
  eventsById,
  exposureEventTable,
  lastEvaluationTable,
  trackEventTable,
} from "./steps/0011-events-by-id.ts";

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
  earliest,
  eventsById,
];

/** The tables whose rows leave after the retention. */
export const keptTables: readonly Table[] = [
  ...[exposureTable, trackTable, evaluationTable, lastSeenTable],
  ...[exposureEventTable, trackEventTable, evaluationEventTable, lastEvaluationTable],
];
