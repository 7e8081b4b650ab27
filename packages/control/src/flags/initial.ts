import type { FlagConfiguration } from "@telltale/configuration";
import type { Transaction } from "@telltale/db";

/** How a flag begins in an environment: off. The last variant is served while off, the first one while on. */
export function initialConfiguration(variants: readonly { key: string }[]): FlagConfiguration {
  const off = variants.at(-1)?.key ?? "";
  return { on: false, off, targets: [], rules: [], serve: { variant: variants[0]?.key ?? off } };
}

/** The environments that a flag must be in, read behind the lock that its row holds on the project's. */
export function environmentsForFlag(tx: Transaction, projectId: string) {
  return tx.environment.findMany({ where: { projectId, archivedAt: null }, orderBy: { position: "asc" } });
}
