/** An error as ClickHouse reports it: a number, and the text that clients parse. */
export class Exception extends Error {
  override readonly name = "Exception";
  /** ClickHouse's error number. */
  readonly code: number;
  readonly status: number;

  constructor(code: number, message: string, status = statusOf(code)) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** An exception of this endpoint, worded like the server's. */
export function exception(code: number, type: string, text: string, status?: number): Exception {
  return new Exception(code, `Code: ${code}. DB::Exception: ${text}. (${type})`, status);
}

/** What the engine threw, with its number read from the text; anything else is UNKNOWN_EXCEPTION. */
export function toException(error: unknown): Exception {
  if (error instanceof Exception) return error;
  const text = error instanceof Error ? error.message : String(error);
  const code = Number(/Code: (\d+)\./.exec(text)?.[1] ?? Number.NaN);
  return Number.isNaN(code) ? exception(1002, "UNKNOWN_EXCEPTION", text) : new Exception(code, text);
}

const STATUS: [status: number, codes: number[]][] = [
  [400, [6, 27, 26, 36, 38, 41, 43, 44, 47, 53, 62, 70, 72, 117, 130, 321, 386, 456, 457]],
  [403, [192, 193, 291, 497, 516]],
  [404, [46, 56, 60, 81, 115, 169]],
  [413, [223]],
  [501, [48]],
  [503, [202]],
];

/** HTTP status for an error number, as far as the difference matters to a client; 500 for the rest. */
function statusOf(code: number): number {
  return STATUS.find(([, codes]) => codes.includes(code))?.[0] ?? 500;
}
