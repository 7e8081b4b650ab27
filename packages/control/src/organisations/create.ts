import { keySchema } from "@telltale/configuration";
import { type Database, type Model, newId } from "@telltale/db";
import { seal } from "../door/chain.ts";
import { invalid } from "../door/error.ts";

/** First parts of the dashboard's paths that are no organisation's. */
export const RESERVED_KEYS: readonly string[] = ["api", "livez", "readyz", "sign-in", "account", "new", "settings"];

/** The organisation of that key; made when there is none. Only the product itself does this. @throws ControlError INVALID */
export async function ensureOrganisation(
  database: Database,
  input: { key: string; name: string },
): Promise<Model.Organisation> {
  const { key, name } = input;
  if (!keySchema.safeParse(key).success || RESERVED_KEYS.includes(key)) {
    throw invalid([`"${key}" cannot be an organisation's key. Choose another one.`]);
  }
  const found = await database.organisation.findUnique({ where: { key } });
  if (found) return found;
  return database.$transaction(async (tx) => {
    const organisation = await tx.organisation.upsert({
      where: { key },
      update: {},
      create: { id: newId(), key, name },
    });
    const line = { object: "organisation", objectKey: key, sentence: `Created "${name}".` } as const;
    const lines = [{ ...line, projectId: null, command: "organisation.create" }];
    await seal(tx, organisation, { kind: "system", id: null, name: "launcher" }, lines);
    return organisation;
  });
}
