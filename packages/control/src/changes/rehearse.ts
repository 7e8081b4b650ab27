import type { Model } from "@telltale/db";
import type { ProjectChange, Rehearsal } from "../door/change.ts";
import { ControlError } from "../door/error.ts";
import { fingerprintOfChange } from "./fingerprint.ts";
import { commandsOf } from "./state.ts";

/**
 * What a change-set would do now.
 * @throws ControlError CONFLICT where that is not what was looked at
 */
export async function rehearseSeen(
  change: ProjectChange,
  found: Pick<Model.ChangeSet, "commands">,
  seen: string,
): Promise<Rehearsal> {
  const commands = commandsOf(found);
  const rehearsal = await change.rehearse(commands);
  if (fingerprintOfChange(commands, rehearsal) !== seen) throw moved();
  return rehearsal;
}

/** What it would do is not what was looked at. */
export function moved(): ControlError {
  return new ControlError(
    "CONFLICT",
    "What this change would do is not what was looked at: others changed the same things meanwhile. Look at it again.",
  );
}
