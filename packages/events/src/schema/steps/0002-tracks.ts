import type { Migration } from "../migration.ts";

/** What units did: one row for each unit kind of an event, so that an experiment on any of them joins directly. */
export const tracksStep: Migration = {
  version: 2,
  name: "tracks",
  statements: [
    `CREATE TABLE IF NOT EXISTS tracks
     (
       project String,
       environment String,
       name String,
       by String,
       unit String,
       at DateTime64(3, 'UTC'),
       id String,
       value Nullable(Float64),
       properties String,
       received DateTime64(3, 'UTC')
     )
     ENGINE = ReplacingMergeTree
     PARTITION BY toYYYYMM(at)
     PRIMARY KEY (project, environment, name, by, unit)
     ORDER BY (project, environment, name, by, unit, at, id)
     SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`,
  ],
};
