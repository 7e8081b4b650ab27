import { writeProjectAddress } from "../door/address.ts";
import type { OpenedProject } from "../door/open.ts";

/** An opened project as it is answered, its environments from left to right. */
export function describeProject({ organisation, key, name, environments }: OpenedProject) {
  return {
    address: writeProjectAddress({ organisation: organisation.key, project: key }),
    key,
    name,
    environments: environments.map((row) => ({
      key: row.key,
      name: row.name,
      critical: row.critical,
      position: row.position,
      // The release before counted in the other.
      version: Math.max(row.publishedVersion, row.rulesetVersion),
    })),
  };
}
