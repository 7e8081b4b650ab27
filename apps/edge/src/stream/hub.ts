import { RULESET_SCHEMA } from "@telltale/evaluator";
import { type KeyInfo, SERVED_SCHEMAS } from "@telltale/ruleset/read";
import { tenantOf } from "../keys/tenant.ts";
import type { Payload } from "../rulesets/payload.ts";
import { channelOf } from "../rulesets/schemas.ts";
import { type Outlet, openOutlet } from "./outlet.ts";
import { Steps } from "./steps.ts";

/** Seconds from one heartbeat of a stream to the next. */
const HEARTBEAT_TICKS = 15;
const HEARTBEAT = Buffer.from(": hb\n\n");
/**
 * First on every stream: a comment, so that proxies and clients see it standing, and over how many milliseconds
 * clients spread when this edge dies and all of them come back at once.
 */
const OPENING = Buffer.from("retry: 2000\n: hb\n\n");
/** Last on a stream that the edge ends: the edge has spread the ends itself, so the client may come back soon. */
const FAREWELL = Buffer.from("retry: 200\n\n");

/** From this share of all streams on, those that are left are for tenants that have few. */
const SCARCE = 0.8;

/** Whose stream it is. */
export interface Subscriber {
  key: KeyInfo;
  keyHash: string;
  /** Page that opened it, when a browser did. */
  origin: string | null;
  /** Whether it takes patches instead of whole documents. */
  takesPatches: boolean;
  /** Of the rulesets that it reads. */
  schema: number;
}

/** One open stream. */
interface Stream extends Subscriber {
  /** What it follows: the name of its environment, audience and schema. */
  channel: string;
  outlet: Outlet;
  /** Version that was written last. */
  sent: number;
  /** Tick of its heartbeat: streams take turns, so that 10,000 do not beat at once. */
  slot: number;
  /** Tick at which it is ended, so that streams spread again over the edges that exist by then. */
  lastTick: number;
}

export interface StreamHubOptions {
  /** The newest payload of an environment and audience, in a schema. */
  latest: (environmentId: string, audience: KeyInfo["audience"], schema: number) => Payload | undefined;
  /** Whether a stream's key still stands and may still be used from there. */
  stands: (subscriber: Subscriber) => boolean;
  maxStreams: number;
  /** Whether there is more than one tenant. */
  isShared: () => boolean;
  /** Bytes a stream may lag behind. */
  bufferBytes: number;
  /** Middle of a stream's age; each gets its own, from half of it to one and a half. */
  maxAgeMs: number;
  /** From 0 to below 1. */
  random: () => number;
  onPush: (streams: number) => void;
  onDrop: (reason: DropReason) => void;
}

/** Why the edge ended a stream. */
export type DropReason = "slow" | "revoked" | "age" | "drain";

/** All open streams, by environment, audience and schema: one frame is built once and written to all of them. */
export class StreamHub {
  private readonly channels = new Map<string, Set<Stream>>();
  private readonly steps = new Steps();
  /** Open streams by tenant. */
  private readonly tenants = new Map<string, number>();
  private readonly options: StreamHubOptions;
  private open = 0;
  private ticks = 0;
  private nextSlot = 0;

  constructor(options: StreamHubOptions) {
    this.options = options;
  }

  get size(): number {
    return this.open;
  }

  get full(): boolean {
    return this.open >= this.options.maxStreams;
  }

  /** Whether few streams are left, and this tenant has most: what is left is for the others, where there are any. */
  hasEnough(key: KeyInfo): boolean {
    const { maxStreams, isShared } = this.options;
    if (!isShared()) return false;
    return this.open >= SCARCE * maxStreams && (this.tenants.get(tenantOf(key)) ?? 0) > maxStreams / 2;
  }

  /**
   * A body that starts with the newest ruleset, unless the client has it (`lastVersion`), and goes on with every newer.
   * `destroy` ends the client's connection; without it the body fails instead.
   */
  subscribe(who: Subscriber, lastVersion: number | undefined, destroy?: () => void): ReadableStream<Uint8Array> {
    const { bufferBytes, maxAgeMs, random } = this.options;
    const outlet = openOutlet({ bufferBytes, destroy, onGone: () => this.remove(stream) });
    const ageTicks = Math.max(1, Math.round((maxAgeMs * (0.5 + random())) / 1_000));
    const slot = this.nextSlot++ % HEARTBEAT_TICKS;
    const { key } = who;
    const stream = {
      ...who,
      channel: channelOf(key, who.schema),
      outlet,
      sent: lastVersion ?? 0,
      slot,
      lastTick: this.ticks + ageTicks,
    };
    this.add(stream);
    outlet.write(OPENING);
    const payload = this.latest(key.environmentId, key.audience, who.schema);
    // Not "newer than": after a restored control plane the numbers may be lower, and the client must follow.
    if (payload && payload.version !== lastVersion) this.send(stream, payload);
    return outlet.body;
  }

  /** Writes the newest ruleset to every stream of an environment and audience. */
  publish(environmentId: string, audience: KeyInfo["audience"]): void {
    let pushed = 0;
    for (const schema of SERVED_SCHEMAS) {
      const streams = this.channels.get(channelOf({ environmentId, audience }, schema));
      // In an older schema only for those who read it; in this one also for those who come later, from this version on.
      const payload = streams || schema === RULESET_SCHEMA ? this.latest(environmentId, audience, schema) : undefined;
      if (!payload || !streams) continue;
      for (const stream of streams) if (stream.sent !== payload.version && this.send(stream, payload)) pushed++;
    }
    this.options.onPush(pushed);
  }

  /** To be called when keys have changed: ends the streams of those that no longer stand. */
  review(): void {
    for (const stream of this.all()) if (!this.options.stands(stream)) this.end(stream, "revoked");
  }

  /** To be called every second: keeps connections from looking dead, and ends those that are old enough. */
  tick(): void {
    this.ticks++;
    for (const stream of this.all()) {
      if (stream.lastTick <= this.ticks) this.end(stream, "age");
      else if (stream.slot === this.ticks % HEARTBEAT_TICKS) this.write(stream, HEARTBEAT);
    }
  }

  /** Ends that many streams; their clients come back to another edge, or to this one after its restart. */
  move(count: number): void {
    let left = count;
    for (const stream of this.all()) {
      if (left-- <= 0) return;
      this.end(stream, "drain");
    }
  }

  /** What open streams follow. */
  *followed(): Generator<Pick<KeyInfo, "environmentId" | "audience">> {
    for (const [stream] of this.channels.values()) if (stream) yield stream.key;
  }

  /** Forgets what led to the newest ruleset of an environment and audience. */
  forget(environmentId: string, audience: KeyInfo["audience"]): void {
    for (const schema of SERVED_SCHEMAS) this.steps.forget(channelOf({ environmentId, audience }, schema));
  }

  private *all(): Generator<Stream> {
    for (const streams of this.channels.values()) yield* streams;
  }

  private end(stream: Stream, reason: DropReason): void {
    if (!this.write(stream, FAREWELL)) return;
    this.remove(stream);
    this.options.onDrop(reason);
    stream.outlet.end();
  }

  /** What a channel serves now; the step to it is remembered. */
  private latest(environmentId: string, audience: KeyInfo["audience"], schema: number): Payload | undefined {
    const payload = this.options.latest(environmentId, audience, schema);
    if (payload) this.steps.follow(channelOf({ environmentId, audience }, schema), payload);
    return payload;
  }

  private send(stream: Stream, payload: Payload): boolean {
    const patch = stream.takesPatches ? this.steps.patch(stream.channel, stream.sent) : undefined;
    if (!this.write(stream, patch ?? payload.frame)) return false;
    stream.sent = payload.version;
    return true;
  }

  private write(stream: Stream, frame: Uint8Array): boolean {
    if (stream.outlet.write(frame)) return true;
    this.remove(stream);
    this.options.onDrop("slow");
    return false;
  }

  private add(stream: Stream): void {
    const streams = this.channels.get(stream.channel) ?? new Set();
    streams.add(stream);
    this.channels.set(stream.channel, streams);
    this.open++;
    this.count(stream, 1);
  }

  private count({ key }: Stream, by: 1 | -1): void {
    const tenant = tenantOf(key);
    const count = (this.tenants.get(tenant) ?? 0) + by;
    if (count > 0) this.tenants.set(tenant, count);
    else this.tenants.delete(tenant);
  }

  private remove(stream: Stream): void {
    const streams = this.channels.get(stream.channel);
    if (!streams?.delete(stream)) return;
    this.open--;
    this.count(stream, -1);
    if (streams.size === 0) this.channels.delete(stream.channel);
  }
}
