import type { TelltaleEvent } from "@telltale/sdk/wire";
import type { Story } from "./story.ts";

/**
 * The published Cookie Cats test: a mobile game moved its first gate from level 30 to level 40 and counted who came
 * back after 1 and 7 days. Counts per arm as published (Mobile Games A/B Testing, 90,189 players).
 */
export const cookieCatsArms = [
  { variant: "gate_30", players: 44_700, backAfter1: 20_034, backAfter7: 8_502 },
  { variant: "gate_40", players: 45_489, backAfter1: 20_119, backAfter7: 8_279 },
] as const;

const experiment = "cookie-cats";
const flag = "cookie-cats-gate";

const DAY_MS = 86_400_000;
/** Players install over two weeks, then have seven days to come back: the whole story is 22 days long. */
const INSTALL_DAYS = 14;

/** The event of a player who plays again. */
export const PLAYED = "played";

/** Which players came back on both days was not published; the totals of each day are exact. */
function* events(start: Date): Generator<TelltaleEvent> {
  for (const arm of cookieCatsArms) {
    for (let player = 0; player < arm.players; player++) {
      const unit = `${arm.variant}-player-${player}`;
      const installed = start.getTime() + (player % INSTALL_DAYS) * DAY_MS + (player % 1_440) * 60_000;
      const event = (kind: string, afterDays: number) => ({
        id: `cc-${unit}-${kind}`,
        time: new Date(installed + afterDays * DAY_MS).toISOString(),
      });
      const by = "targetingKey";
      yield { ...event("exposure", 0), type: "exposure", experiment, flag, variant: arm.variant, unit, by, version: 1 };
      const units = { targetingKey: unit };
      if (player < arm.backAfter1) yield { ...event("back-1", 1), type: "track", name: PLAYED, units };
      if (player < arm.backAfter7) yield { ...event("back-7", 7), type: "track", name: PLAYED, units };
    }
  }
}

export const cookieCats: Story = {
  experiment,
  flag,
  durationMs: 22 * DAY_MS,
  title: "Cookie Cats, 90,189 players",
  events,
};
