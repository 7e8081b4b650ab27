/** The engines that all files of a run share, with a migrated database to copy from. */
export interface SharedDatabases {
  postgresUrl: string;
  clickhouseUrl: string;
  /** Name of the database that has every migration applied. */
  template: string;
}

/** Inherited by the processes that the files run in. */
const VARIABLE = "TELLTALE_TEST_DATABASES";

export function readShared(): SharedDatabases | undefined {
  const text = process.env[VARIABLE];
  return text === undefined ? undefined : (JSON.parse(text) as SharedDatabases);
}

/** Says to the processes that start from now on what they share; undefined: nothing. */
export function writeShared(shared: SharedDatabases | undefined): void {
  if (shared) process.env[VARIABLE] = JSON.stringify(shared);
  else delete process.env[VARIABLE];
}
