import { patchBetween, type Ruleset } from "@telltale/evaluator";
import type { Payload } from "../rulesets/payload.ts";

/** The newest payload of a channel, and the step that led to it. */
interface Step {
  before: Payload | undefined;
  now: Payload;
  /** The patch as a server-sent event, made when the first stream needs it; null where the document is shorter. */
  frame?: Uint8Array | null;
}

/** The last step of every channel: a stream that has the version before it is sent a patch and not the document. */
export class Steps {
  private readonly steps = new Map<string, Step>();

  /** To be called with what a channel serves now, whenever it is about to be sent. */
  follow(channel: string, now: Payload): void {
    const step = this.steps.get(channel);
    if (step?.now !== now) this.steps.set(channel, { before: step?.now, now });
  }

  /** To be called when nobody follows a channel any more. */
  forget(channel: string): void {
    this.steps.delete(channel);
  }

  /** What brings a stream from the version it has to the newest; undefined where only the document does. */
  patch(channel: string, from: number): Uint8Array | undefined {
    const step = this.steps.get(channel);
    if (!step?.before || step.before.version !== from) return undefined;
    if (step.frame === undefined) step.frame = frameOf(step.before, step.now) ?? null;
    return step.frame ?? undefined;
  }
}

/** One serialisation for all streams. What is no ruleset, whoever stored it, has no patch. */
function frameOf(before: Payload, now: Payload): Uint8Array | undefined {
  try {
    const patch = patchBetween(JSON.parse(before.document) as Ruleset, JSON.parse(now.document) as Ruleset);
    return patch && Buffer.from(`event: patch\nid: ${now.version}\ndata: ${JSON.stringify(patch)}\n\n`);
  } catch {
    return undefined;
  }
}
