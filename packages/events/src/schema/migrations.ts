import { exposures } from "./0001-exposures.ts";
import { tracks } from "./0002-tracks.ts";
import { evaluations } from "./0003-evaluations.ts";
import type { Migration } from "./migration.ts";

/** All steps in order. */
export const migrations: readonly Migration[] = [exposures, tracks, evaluations];
