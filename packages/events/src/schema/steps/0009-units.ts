import { type Layout, localName, onCluster } from "../layout.ts";
import type { Migration } from "../migration.ts";

/**
 * `others`: what an event's other units are, by kind, so that the users of an account can be distinguished where
 * accounts are the units. `stored_range`: which blocks of rows hold what was stored since a moment; parts written
 * before have it as soon as they are merged.
 */
export const unitsStep: Migration = {
  version: 9,
  name: "units",
  statements: (layout) => {
    const column = "ADD COLUMN IF NOT EXISTS others Map(String, String)";
    const place = onCluster(layout);
    const local = (table: string) => localName(table, layout);
    return [
      `ALTER TABLE ${local("track")}${place} ${column}`,
      ...(isSpread(layout) ? [`ALTER TABLE track${place} ${column}`] : []),
      ...["exposure", "track"].map(
        (table) => `ALTER TABLE ${local(table)}${place} ADD INDEX IF NOT EXISTS stored_range stored TYPE minmax`,
      ),
    ];
  },
};

const isSpread = ({ cluster }: Layout) => cluster !== undefined;
