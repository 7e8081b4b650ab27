import { type Layout, localName, onCluster } from "../layout.ts";
import type { Migration } from "../migration.ts";

/**
 * Of several copies of an event the one with the earliest `at` is kept, not the first received: the minimum of `at` is
 * then the same before parts are merged and after, and a question about first times need not wait for a merge (FINAL).
 * What lies in the parts already is merged again in the background; until then a copy from before may be compared by
 * its receipt.
 */
export const earliestStep: Migration = {
  version: 10,
  name: "earliest",
  statements: (layout) =>
    ["exposure", "track"].flatMap((table) => {
      const local = localName(table, layout);
      const modify = (name: string) =>
        `ALTER TABLE ${name}${onCluster(layout)} MODIFY COLUMN earliness UInt64 MATERIALIZED bitNot(toUInt64(toUnixTimestamp64Milli(at)))`;
      return [
        modify(local),
        ...(isSpread(layout) ? [modify(table)] : []),
        `ALTER TABLE ${local}${onCluster(layout)} MATERIALIZE COLUMN earliness`,
      ];
    }),
};

const isSpread = ({ cluster }: Layout) => cluster !== undefined;
