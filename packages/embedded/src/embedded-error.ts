/** Why an embedded database could not start. */
export type EmbeddedErrorCode =
  | "port-taken"
  | "disk-full"
  | "broken-data"
  | "no-binary"
  | "no-rights"
  | "in-use"
  | "start-failed";

/** An embedded database did not start; the message is one sentence that says what happened and what to do. */
export class EmbeddedError extends Error {
  override readonly name = "EmbeddedError";
  readonly code: EmbeddedErrorCode;

  constructor(code: EmbeddedErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

export function portTaken(port: number): EmbeddedError {
  return new EmbeddedError(
    "port-taken",
    `Port ${port} is used by another program: stop that program or choose another port.`,
  );
}

export function diskFull(folder: string, cause?: unknown): EmbeddedError {
  return new EmbeddedError(
    "disk-full",
    `The disk that holds ${folder} is full: free some space and start again.`,
    cause,
  );
}

export function brokenData(folder: string, reason: string, cause?: unknown): EmbeddedError {
  return new EmbeddedError(
    "broken-data",
    `The data folder ${folder} cannot be opened (${reason}): move it away to start with an empty one (the data in it is then not used), or put a good copy in its place.`,
    cause,
  );
}

/** Node's own errors that have a sentence of ours: a full disk, a folder that may not be written. */
export function fromSystemError(error: unknown, folder: string): unknown {
  if (!(error instanceof Error) || error instanceof EmbeddedError) return error;
  const code = "code" in error ? error.code : undefined;
  if (code === "ENOSPC" || code === "EDQUOT") return diskFull(folder, error);
  if (code === "EACCES" || code === "EPERM" || code === "EROFS") {
    return new EmbeddedError(
      "no-rights",
      `${folder} cannot be written (${code}): make it writable for this user, or choose another data folder.`,
      error,
    );
  }
  return error;
}
