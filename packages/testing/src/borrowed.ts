import { inject } from "vitest";

declare module "vitest" {
  interface ProvidedContext {
    postgresUrl: string;
    clickhouseUrl: string;
  }
}

/** Of the two engines that one run of the tests has. */
export interface BorrowedDatabases {
  /** `createDatabase` makes databases on it. */
  postgresUrl: string;
  /** `createEventStore` makes databases on it. */
  clickhouseUrl: string;
}

/**
 * The engines of the whole run, for a test file that neither stops nor changes them. Other files use them at the same
 * time, each in databases of its own.
 */
export function borrowDatabases(): BorrowedDatabases {
  return { postgresUrl: inject("postgresUrl"), clickhouseUrl: inject("clickhouseUrl") };
}
