import type { StoredTable } from "./layout.ts";
import type { Migration } from "./migration.ts";
import { exposuresStep } from "./steps/0001-exposures.ts";
import { tracksStep } from "./steps/0002-tracks.ts";
import { evaluationsStep } from "./steps/0003-evaluations.ts";
import { exposureStep, exposureTable } from "./steps/0004-exposure.ts";
import { trackStep, trackTable } from "./steps/0005-track.ts";
import { evaluationStep, evaluationTable } from "./steps/0006-evaluation.ts";
import { lastSeenStep, lastSeenTable } from "./steps/0007-last-seen.ts";
import { moveStep } from "./steps/0008-move.ts";
import { unitsStep } from "./steps/0009-units.ts";
import { earliestStep } from "./steps/0010-earliest.ts";
import {
  evaluationEventTable,
  eventsByIdStep,
  exposureEventTable,
  lastEvaluationTable,
  trackEventTable,
} from "./steps/0011-events-by-id.ts";
import { observationEventTable, observationsStep } from "./steps/0012-observations.ts";

/** All steps in order. */
export const migrations: readonly Migration[] = [
  exposuresStep,
  tracksStep,
  evaluationsStep,
  exposureStep,
  trackStep,
  evaluationStep,
  lastSeenStep,
  moveStep,
  unitsStep,
  earliestStep,
  eventsByIdStep,
  observationsStep,
];

/** The tables whose rows leave after the retention. */
export const keptTables: readonly StoredTable[] = [
  ...[exposureTable, trackTable, evaluationTable, lastSeenTable],
  ...[exposureEventTable, trackEventTable, evaluationEventTable, lastEvaluationTable],
  observationEventTable,
];
