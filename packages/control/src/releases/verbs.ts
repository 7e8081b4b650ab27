import type { Action } from "@telltale/access";
import { type Act, actOn, type Move, type MoveKind } from "@telltale/release";
import type { z } from "zod";
import { personOf } from "../changes/state.ts";
import { demandIn } from "../door/actor.ts";
import type { Nature, ProjectChange } from "../door/change.ts";
import { type Applied, defineCommand } from "../door/command.ts";
import { ControlError, invalid } from "../door/error.ts";
import { requireOn, serveState } from "./serve.ts";
import { releaseChange, releaseMoved, safeReleaseChange } from "./shapes.ts";
import { letStart, startAt } from "./start.ts";
import { claimRelease, readClock, type StoredRelease, saveMove, type TransitionNote } from "./store.ts";

type Moved = Applied<z.output<typeof releaseMoved>>;

/** Transitions after which the rule may serve something else. */
const SERVING: readonly MoveKind[] = ["advanced", "resumed", "completed", "rolling_back"];

/** Serves what a transition says and writes it down. */
export async function followMove(
  change: ProjectChange,
  release: StoredRelease,
  move: Move,
  note: TransitionNote,
  now: number,
): Promise<Moved> {
  const { baseline } = release;
  const { nature = "ordinary" } = note;
  if (move.kind === "resumed") await requireOn(change, release);
  if (!SERVING.includes(move.kind) || baseline === null) return saveMove(change, release, move, note, now);
  const comment = note.comment || `release ${release.number}`;
  const revision = await serveState(change, { ...release, baseline }, move.to, { nature, comment });
  return saveMove(change, release, move, { ...note, revision }, now);
}

interface ByHand {
  action: Action;
  act: Act;
  nature?: Nature;
}

/** Somebody acts on a release. @throws ControlError INVALID where it cannot be done in its status; CONFLICT */
async function actByHand(
  change: ProjectChange,
  input: { release: number; expectedStateVersion?: number | undefined; comment?: string | undefined },
  { action, act, nature = "ordinary" }: ByHand,
): Promise<Moved> {
  const release = await claimRelease(change, input);
  await demandIn(change, action, [release.environmentId]);
  const now = await readClock(change.tx);
  const acted = actOn(release, act, now);
  if ("refusal" in acted) {
    // A safe act on what is over: there is nothing to do, and nothing is wrong.
    if (acted.isOver && input.expectedStateVersion === undefined) return unmoved(release, acted.refusal);
    throw invalid([acted.refusal]);
  }
  return followMove(change, release, acted.move, { comment: input.comment, nature }, now);
}

function unmoved({ number, status, stateVersion }: StoredRelease, sentence: string): Moved {
  return { output: { release: number, status, stateVersion, sentence } };
}

export const startRelease = defineCommand({
  name: "release.start",
  describe: "Starts a planned release now, or lets it start at a time.",
  input: releaseChange.extend({ at: startAt }),
  output: releaseMoved,
  action: "release.start",
  isReversible: false,
  async apply(change, input) {
    return letStart(change, await claimRelease(change, input), input);
  },
});

export const cancelRelease = defineCommand({
  name: "release.cancel",
  describe: "Gives up a release that has not started.",
  input: releaseChange,
  output: releaseMoved,
  action: "release.create",
  isDeferrable: false,
  isReversible: false,
  async apply(change, input) {
    const { status, environmentId } = await claimRelease(change, input);
    // Somebody who may start it has let it start.
    if (status === "scheduled") await demandIn(change, "release.start", [environmentId]);
    return actByHand(change, input, { action: "release.create", act: { verb: "cancel" } });
  },
});

export const pauseRelease = defineCommand({
  name: "release.pause",
  describe: "Pauses a release: what is served stays, and nothing goes on until it is resumed.",
  input: safeReleaseChange,
  output: releaseMoved,
  action: "release.advance",
  isDeferrable: false,
  isReversible: false,
  apply: (change, input) => {
    const act = { verb: "pause", reason: "user", sentence: input.comment ?? "" } as const;
    return actByHand(change, input, { action: "release.advance", act });
  },
});

export const resumeRelease = defineCommand({
  name: "release.resume",
  describe: "Resumes a paused release: it serves its step again, and goes on.",
  input: releaseChange,
  output: releaseMoved,
  action: "release.advance",
  isReversible: false,
  apply: (change, input) => actByHand(change, input, { action: "release.advance", act: { verb: "resume" } }),
});

/** Faster than was planned, so that policies are asked again. */
export const advanceRelease = defineCommand({
  name: "release.advance",
  describe: "Takes a release to its next step without waiting for the rest of the hold.",
  input: releaseChange,
  output: releaseMoved,
  action: "release.advance",
  isReversible: false,
  apply: (change, input) => actByHand(change, input, { action: "release.advance", act: { verb: "advance" } }),
});

/** For this step alone. Nobody approves a release that they have planned. */
export const approveRelease = defineCommand({
  name: "release.approve",
  describe: "Lets a release go on from a step that waits for an approval.",
  input: releaseChange,
  output: releaseMoved,
  action: "release.approve",
  isDeferrable: false,
  isReversible: false,
  async apply(change, input) {
    const { writerIds } = await claimRelease(change, input);
    if (writerIds.includes(personOf(change))) {
      throw new ControlError("FORBIDDEN", "Nobody approves a release of their own. Ask somebody else to look at it.");
    }
    return actByHand(change, input, { action: "release.approve", act: { verb: "approve" } });
  },
});

/** Never refused for a policy, a freeze, or what has become of the release meanwhile. */
export const rollBackRelease = defineCommand({
  name: "release.rollback",
  describe: "Takes a released variant back: the rule serves what it served before; other edits stay.",
  input: safeReleaseChange,
  output: releaseMoved,
  action: "release.rollback",
  isDeferrable: false,
  isReversible: false,
  apply: (change, input) => {
    const sentence = input.comment ?? `${change.actor.name} asked for it.`;
    const act = { verb: "rollback", sentence } as const;
    return actByHand(change, input, { action: "release.rollback", act, nature: "rollback" });
  },
});

export const decommissionRelease = defineCommand({
  name: "release.decommission",
  describe: "Gives up the possibility to roll a completed release back.",
  input: releaseChange,
  output: releaseMoved,
  action: "release.advance",
  isDeferrable: false,
  isReversible: false,
  apply: (change, input) => actByHand(change, input, { action: "release.advance", act: { verb: "decommission" } }),
});
