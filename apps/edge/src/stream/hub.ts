import type { KeyInfo } from "@telltale/ruleset/read";
import type { Payload } from "../rulesets/payload.ts";

const HEARTBEAT = Buffer.from(": hb\n\n");

/** One open stream. */
interface Stream {
  key: KeyInfo;
  keyHash: string;
  controller: ReadableStreamDefaultController<Uint8Array>;
  /** Ends the connection at once, whatever is still buffered. */
  destroy: () => void;
  sent: number;
}

export interface StreamHubOptions {
  /** The newest payload of an environment and audience. */
  latest: (environmentId: string, audience: KeyInfo["audience"]) => Payload | undefined;
  /** Whether a key still stands; asked at each heartbeat. */
  keyStands: (keyHash: string) => boolean;
  maxStreams: number;
  /** Bytes a stream may lag behind. */
  bufferBytes: number;
  onPush: (streams: number) => void;
  onDrop: (reason: "slow" | "revoked") => void;
}

/** All open streams, by environment and audience: one frame is built once and written to all of them. */
export class StreamHub {
  private readonly channels = new Map<string, Set<Stream>>();
  private readonly options: StreamHubOptions;
  private open = 0;

  constructor(options: StreamHubOptions) {
    this.options = options;
  }

  get size(): number {
    return this.open;
  }

  get full(): boolean {
    return this.open >= this.options.maxStreams;
  }

  /**
   * A body that starts with the newest ruleset, unless the client has it (`lastVersion`), and goes on with every newer.
   * `destroy` ends the client's connection; without it the body fails instead.
   */
  subscribe(who: { key: KeyInfo; keyHash: string }, lastVersion: number | undefined, destroy?: () => void) {
    let stream: Stream | undefined;
    return new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          const fail = () => controller.error(new Error("This stream was ended by the edge."));
          stream = { ...who, controller, destroy: destroy ?? fail, sent: lastVersion ?? 0 };
          this.add(stream);
          // A comment at once, so that proxies and clients see the stream standing.
          controller.enqueue(HEARTBEAT);
          const payload = this.options.latest(who.key.environmentId, who.key.audience);
          // Not "newer than": after a restored control plane the numbers may be lower, and the client must follow.
          if (payload && payload.version !== lastVersion) this.send(stream, payload);
        },
        cancel: () => {
          if (stream) this.remove(stream);
        },
      },
      { highWaterMark: this.options.bufferBytes, size: (chunk) => chunk?.byteLength ?? 0 },
    );
  }

  /** Writes the newest ruleset to every stream of an environment and audience. */
  publish(environmentId: string, audience: KeyInfo["audience"]): void {
    const payload = this.options.latest(environmentId, audience);
    const streams = this.channels.get(`${environmentId}/${audience}`);
    if (!payload || !streams) return;
    let pushed = 0;
    for (const stream of streams) {
      if (stream.sent === payload.version) continue;
      if (this.send(stream, payload)) pushed++;
    }
    this.options.onPush(pushed);
  }

  /** Keeps connections from looking dead, and ends those whose key was revoked. */
  heartbeat(): void {
    for (const streams of this.channels.values()) {
      for (const stream of streams) {
        if (!this.options.keyStands(stream.keyHash)) {
          this.remove(stream);
          this.options.onDrop("revoked");
          stream.controller.close();
        } else this.write(stream, HEARTBEAT);
      }
    }
  }

  /** Ends all streams; clients come back to another edge, or to this one after its restart. */
  closeAll(): void {
    for (const streams of this.channels.values()) {
      for (const stream of streams) {
        this.remove(stream);
        stream.controller.close();
      }
    }
  }

  private send(stream: Stream, payload: Payload): boolean {
    if (!this.write(stream, payload.frame)) return false;
    stream.sent = payload.version;
    return true;
  }

  /** False when the stream lagged too far behind and was dropped. An idle stream takes a frame of any size. */
  private write(stream: Stream, frame: Uint8Array): boolean {
    const buffered = this.options.bufferBytes - (stream.controller.desiredSize ?? 0);
    if (buffered > 0 && buffered + frame.byteLength > this.options.bufferBytes) {
      this.remove(stream);
      this.options.onDrop("slow");
      stream.destroy();
      return false;
    }
    stream.controller.enqueue(frame);
    return true;
  }

  private add(stream: Stream): void {
    const name = `${stream.key.environmentId}/${stream.key.audience}`;
    const streams = this.channels.get(name) ?? new Set();
    streams.add(stream);
    this.channels.set(name, streams);
    this.open++;
  }

  private remove(stream: Stream): void {
    const name = `${stream.key.environmentId}/${stream.key.audience}`;
    const streams = this.channels.get(name);
    if (!streams?.delete(stream)) return;
    this.open--;
    if (streams.size === 0) this.channels.delete(name);
  }
}
