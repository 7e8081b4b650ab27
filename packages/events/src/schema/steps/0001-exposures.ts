import type { Migration } from "../migration.ts";

/** Ordered by unit within an experiment, as the analysis reads; the id last, so that a repeated event collapses. */
export const exposuresStep: Migration = {
  version: 1,
  name: "exposures",
  statements: [
    `CREATE TABLE IF NOT EXISTS exposures
     (
       project String,
       environment String,
       experiment String,
       by String,
       unit String,
       at DateTime64(3, 'UTC'),
       id String,
       variant String,
       flag String,
       version UInt64,
       attributes Map(String, String),
       received DateTime64(3, 'UTC')
     )
     ENGINE = ReplacingMergeTree
     PARTITION BY toYYYYMM(at)
     PRIMARY KEY (project, environment, experiment, by, unit)
     ORDER BY (project, environment, experiment, by, unit, at, id)
     SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`,
  ],
};
