/** The writing end of an open answer, with a bound on what may wait in it. */
export interface Outlet {
  readonly body: ReadableStream<Uint8Array>;
  /** False when the reader lagged too far behind and was dropped: it is never waited for. */
  write(frame: Uint8Array): boolean;
  /** Ends the answer after what was written. */
  end(): void;
}

export interface OutletOptions {
  /** Bytes that may wait; an empty outlet takes a frame of any size. */
  bufferBytes: number;
  /** Ends the reader's connection at once; without it the body fails instead. */
  destroy: (() => void) | undefined;
  /** The reader went away by itself. */
  onGone: () => void;
}

/** Opens an outlet; its body is the answer's. */
export function openOutlet({ bufferBytes, destroy, onGone }: OutletOptions): Outlet {
  let control: ReadableStreamDefaultController<Uint8Array> | undefined;
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        control = controller;
      },
      cancel: onGone,
    },
    { highWaterMark: bufferBytes, size: (chunk) => chunk?.byteLength ?? 0 },
  );
  return {
    body,
    write(frame) {
      const buffered = bufferBytes - (control?.desiredSize ?? 0);
      if (buffered > 0 && buffered + frame.byteLength > bufferBytes) {
        if (destroy) destroy();
        else control?.error(new Error("This stream was ended by the edge."));
        return false;
      }
      control?.enqueue(frame);
      return true;
    },
    end: () => control?.close(),
  };
}
