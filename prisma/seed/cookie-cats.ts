import { sendBatch, type TelltaleEvent } from "@telltale/sdk/wire";

/**
 * The published Cookie Cats test: a mobile game moved its first gate from level 30 to level 40 and counted who came
 * back after 1 and 7 days. Counts per arm as published (Mobile Games A/B Testing, 90,189 players).
 */
export const published = [
  { variant: "gate_30", players: 44_700, backAfter1: 20_034, backAfter7: 8_502 },
  { variant: "gate_40", players: 45_489, backAfter1: 20_119, backAfter7: 8_279 },
] as const;

export const experimentKey = "cookie-cats";
export const flagKey = "cookie-cats-gate";

const DAY_MS = 86_400_000;
/** Players install over two weeks, then have seven days to come back: the whole story is 22 days long. */
const INSTALL_DAYS = 14;
export const STORY_MS = 22 * DAY_MS;

/**
 * Every player's events, one by one: the exposure, and a return after 1 and 7 days for as many as came back.
 * Which players came back on both days was not published; the totals of each day are exact.
 * Ids depend on the player only, so that a replay that was cut off can be done again and counts once.
 * @param start when the first player installed the game
 */
export function* replayEvents(start: Date): Generator<TelltaleEvent> {
  for (const arm of published) {
    for (let player = 0; player < arm.players; player++) {
      const unit = `${arm.variant}-player-${player}`;
      const installed = start.getTime() + (player % INSTALL_DAYS) * DAY_MS + (player % 1_440) * 60_000;
      const event = (kind: string, afterDays: number) => ({
        id: `cc-${unit}-${kind}`,
        time: new Date(installed + afterDays * DAY_MS).toISOString(),
      });
      yield {
        ...event("exposure", 0),
        type: "exposure",
        experiment: experimentKey,
        flag: flagKey,
        variant: arm.variant,
        unit,
        by: "targetingKey",
        version: 1,
      };
      const units = { targetingKey: unit };
      if (player < arm.backAfter1) yield { ...event("back-1", 1), type: "track", name: "retention-1", units };
      if (player < arm.backAfter7) yield { ...event("back-7", 7), type: "track", name: "retention-7", units };
    }
  }
}

export interface ReplayOptions {
  edgeUrl: string;
  serverKey: string;
  start: Date;
  /** Told after every batch how many events the edge has acknowledged. */
  onProgress?: (acknowledged: number) => void;
}

const BATCH = 1_000;
const ATTEMPTS = 60;

/**
 * Sends the replay through the SDK's wire format to an edge, four batches at a time.
 * @returns how many events were acknowledged
 * @throws when the edge refuses an event or stays away for a minute
 */
export async function replayCookieCats(options: ReplayOptions): Promise<number> {
  const events = replayEvents(options.start);
  let acknowledged = 0;
  const lane = async () => {
    for (let batch = take(events, BATCH); batch.length > 0; batch = take(events, BATCH)) {
      const accepted = await deliver(options, batch);
      acknowledged += accepted;
      options.onProgress?.(acknowledged);
    }
  };
  await Promise.all([lane(), lane(), lane(), lane()]);
  return acknowledged;
}

async function deliver({ edgeUrl, serverKey }: ReplayOptions, batch: TelltaleEvent[]): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const answer = await sendBatch({ url: edgeUrl, key: serverKey }, batch);
    if (answer.ok) {
      const [refused] = answer.receipt.refused;
      if (refused) throw new Error(`The edge refused a replayed event (${refused.id}): ${refused.reason}`);
      return answer.receipt.accepted;
    }
    if (!answer.retryable || attempt === ATTEMPTS)
      throw new Error(`The edge did not take the replay: ${answer.reason}`);
    await new Promise((resolve) => setTimeout(resolve, answer.retryAfterMs ?? 1_000));
  }
}

function take<T>(source: Iterator<T>, count: number): T[] {
  const taken: T[] = [];
  while (taken.length < count) {
    const { done, value } = source.next();
    if (done) break;
    taken.push(value);
  }
  return taken;
}
