import { isSame } from "@telltale/configuration";
import type { Model } from "@telltale/db";
import { z } from "zod";
import type { ProjectChange, Rehearsal } from "../door/change.ts";
import type { Bound } from "../door/command.ts";
import { ControlError } from "../door/error.ts";
import { fingerprintOfChange, previewLine, previewOf } from "./fingerprint.ts";
import { commandsOf } from "./state.ts";

/**
 * What a change-set would do now.
 * @throws ControlError CONFLICT where that is not what was looked at
 */
export async function rehearseSeen(
  change: ProjectChange,
  found: Pick<Model.ChangeSet, "commands" | "fingerprint" | "preview">,
  seen: string,
): Promise<Rehearsal> {
  const commands = commandsOf(found);
  const rehearsal = await change.rehearse(commands);
  demandSeen(found, seen, commands, rehearsal);
  return rehearsal;
}

/** Begins the fingerprint of a change-set whose commands a migration has rewritten, so that no rehearsal makes it any more. */
const REWRITTEN = "rewritten:";

/**
 * @param seen the fingerprint of what was looked at
 * @throws ControlError CONFLICT where commands do something else
 */
export function demandSeen(
  found: Pick<Model.ChangeSet, "fingerprint" | "preview">,
  seen: string,
  commands: readonly Bound[],
  done: Pick<Rehearsal, "lines">,
): void {
  const isRewritten = seen === found.fingerprint && seen.startsWith(REWRITTEN);
  const isSeen = isRewritten
    ? isSame(withoutMetricWords(z.array(previewLine).parse(found.preview)), withoutMetricWords(previewOf(done)))
    : fingerprintOfChange(commands, done) === seen;
  if (isSeen) return;
  throw new ControlError(
    "CONFLICT",
    "What this change would do is not what was looked at: others changed the same things meanwhile. Look at it again.",
  );
}

/**
 * Commands on metrics were rewritten, and are told in other words since. They name the revision that they are made on, so
 * that the door refuses those whose metric was changed otherwise.
 */
function withoutMetricWords(lines: readonly z.output<typeof previewLine>[]) {
  return lines.map((line) => (line.object === "metric" ? { ...line, sentence: null } : line));
}
