import { type AuditFault, type Verified, verifyAudit } from "@telltale/control";
import type { Database } from "@telltale/db";

/** Verifies the trail of each organisation, or of one, and says what it found. @returns whether all are whole */
export async function verify(
  database: Database,
  organisations: readonly { id: string; key: string }[],
  say: (line: string) => void,
): Promise<boolean> {
  let isWhole = true;
  for (const { id, key } of organisations) {
    const found = await verifyAudit(database, id);
    const unnumbered = { sequence: null, OR: [{ organisationId: id }, { project: { organisationId: id } }] };
    const older = await database.auditEvent.count({ where: unnumbered });
    say(`${key}: ${tell(found)}`);
    if (older > 0) say(`${key}: ${count(older)} without a number, from before the chain: it says nothing of them.`);
    isWhole &&= found.ok;
  }
  return isWhole;
}

function tell(found: Verified): string {
  const { lines, head } = found;
  if (found.ok) {
    const kept = lines === 0 ? "" : ` Keep this elsewhere, to compare it with a later export: ${head} ${found.hash}`;
    return `${count(lines)}, head ${head}: whole.${kept}`;
  }
  return `BROKEN at line ${found.sequence}, head ${head}: ${count(lines)} before it ${lines === 1 ? "is" : "are"} as written. ${meanings[found.fault]}`;
}

const meanings: Record<AuditFault, string> = {
  missing: "That line was taken out of the database, and later ones are there.",
  altered: "That line, or its link to the line before, was changed in the database after it was written.",
  cut: "That line and all behind it, up to the head, were taken out of the database.",
  rewritten:
    "The lines follow from each other, but do not end in the hash that the head was written with: the trail was rewritten, or the head was changed.",
  added:
    "That line and what follows was put into the database by something that is not Telltale, or the head was set back.",
};

function count(lines: number): string {
  return lines === 1 ? "1 line" : `${lines.toLocaleString("en")} lines`;
}
