import { sendBatch, type TelltaleEvent } from "@telltale/sdk/wire";

/** A published experiment, told again as the events of each person in it. */
export interface Story {
  /** Key of the experiment, and of the flag it is on. */
  experiment: string;
  flag: string;
  /** From the first event to the end, milliseconds. */
  durationMs: number;
  /** For people: `Cookie Cats, 90,189 players`. */
  title: string;
  /**
   * Every person's events, one by one. Ids depend on the person only, so that a replay that was cut off can be done
   * again and counts once.
   * @param start when the first person came
   */
  events(start: Date): Iterator<TelltaleEvent>;
}

export interface ReplayOptions {
  edgeUrl: string;
  serverKey: string;
  start: Date;
}

const BATCH = 1_000;
const ATTEMPTS = 60;

/**
 * Sends a story through the SDK's wire format to an edge, four batches at a time.
 * @returns how many events were acknowledged
 * @throws when the edge refuses an event or stays away for a minute
 */
export async function replay(story: Story, options: ReplayOptions): Promise<number> {
  const events = story.events(options.start);
  let acknowledged = 0;
  const lane = async () => {
    for (let batch = take(events, BATCH); batch.length > 0; batch = take(events, BATCH)) {
      acknowledged += await deliver(options, batch);
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
