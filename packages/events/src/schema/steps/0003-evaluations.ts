import type { Migration } from "../migration.ts";

/** How often flags answered, as SDKs counted it. */
export const evaluationsStep: Migration = {
  version: 3,
  name: "evaluations",
  statements: [
    `CREATE TABLE IF NOT EXISTS evaluations
     (
       project String,
       environment String,
       flag String,
       at DateTime64(3, 'UTC'),
       id String,
       variant String,
       rule String,
       reason String,
       version UInt64,
       count UInt64,
       received DateTime64(3, 'UTC')
     )
     ENGINE = ReplacingMergeTree
     PARTITION BY toYYYYMM(at)
     PRIMARY KEY (project, environment, flag, at)
     ORDER BY (project, environment, flag, at, id)
     SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`,
  ],
};
