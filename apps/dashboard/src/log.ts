import { format } from "node:util";
import pino, { type Logger } from "pino";

/** Characters that one text of a line may have; strangers write some of them. */
const TEXT_MAX = 4_000;

/** Next bundles routes and pages apart, so the one log of the process hangs on the global object. */
const home = globalThis as typeof globalThis & { telltaleLog?: Logger };

/** The process's log: one JSON object a line, so that no text can begin a line of its own. */
export function log(): Logger {
  home.telltaleLog ??= pino({ name: "dashboard" });
  return home.telltaleLog;
}

/** Logs an error that nobody expected, with its cause. */
export function logError(error: unknown): void {
  if (!(error instanceof Error)) {
    log().error({}, shorten(String(error)));
    return;
  }
  const cause = error.cause === undefined ? {} : { cause: shorten(String(error.cause)) };
  const code = "code" in error ? { code: shorten(String(error.code)) } : {};
  log().error({ type: error.name, stack: shorten(error.stack ?? ""), ...code, ...cause }, shorten(error.message));
}

/** At most `TEXT_MAX` characters, and says how many are missing. */
export function shorten(text: string): string {
  if (text.length <= TEXT_MAX) return text;
  return `${text.slice(0, TEXT_MAX)} … (${text.length - TEXT_MAX} characters more)`;
}

/** What others print (Next, libraries) becomes lines of the log too. */
export function captureConsole(): void {
  const write =
    (level: "debug" | "info" | "warn" | "error") =>
    (...parts: unknown[]) => {
      const [first] = parts;
      if (level === "error" && first instanceof Error && parts.length === 1) return logError(first);
      log()[level]({}, shorten(format(...parts.map((part) => (typeof part === "string" ? shorten(part) : part)))));
    };
  Object.assign(console, {
    log: write("info"),
    info: write("info"),
    debug: write("debug"),
    trace: write("debug"),
    warn: write("warn"),
    error: write("error"),
  });
}
