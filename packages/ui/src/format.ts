/** Parts in a whole: percentages are integers of 0.001 %. */
export const WHOLE = 100_000;

const NARROW_SPACE = "\u202f";
const MINUS = "\u2212";
const count = new Intl.NumberFormat("en-GB");

/** 20034 → "20,034". */
export function formatCount(value: number): string {
  return count.format(value);
}

/** Parts of 100,000 as a percentage without needless digits: 12_500 → "12.5 %". */
export function formatParts(parts: number): string {
  return `${Number((parts / 1000).toFixed(3))}${NARROW_SPACE}%`;
}

/** A share 0..1 as a percentage with fixed digits: 0.1902 → "19.02 %". */
export function formatRate(rate: number, digits = 2): string {
  return `${(rate * 100).toFixed(digits)}${NARROW_SPACE}%`;
}

/** A relative change with its sign: 0.015 → "+1.5 %", -0.043 → "−4.3 %". */
export function formatChange(change: number, digits = 1): string {
  const text = (Math.abs(change) * 100).toFixed(digits);
  const sign = Number(text) === 0 ? "" : change < 0 ? MINUS : "+";
  return `${sign}${text}${NARROW_SPACE}%`;
}

/** A p-value as people read it: "p < 0.0001", "p = 0.0016", "p = 0.074". */
export function formatP(p: number | null): string {
  if (p === null) return "p unknown";
  if (p < 0.0001) return "p < 0.0001";
  return p < 0.01 ? `p = ${p.toFixed(4)}` : `p = ${p.toFixed(3)}`;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const two = (value: number) => String(value).padStart(2, "0");

/** "23 Nov 2026": the same on every machine, whatever its locale and zone. */
export function formatDay(at: Date): string {
  return `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]} ${at.getUTCFullYear()}`;
}

/** "14:02 UTC". */
export function formatClock(at: Date): string {
  return `${two(at.getUTCHours())}:${two(at.getUTCMinutes())} UTC`;
}

/** "23 Nov 2026, 14:02 UTC". */
export function formatMoment(at: Date): string {
  return `${formatDay(at)}, ${formatClock(at)}`;
}

const STEPS = [
  { upToMs: 60_000, unitMs: 1000, name: "s" },
  { upToMs: 3_600_000, unitMs: 60_000, name: "min" },
  { upToMs: 86_400_000, unitMs: 3_600_000, name: "h" },
  { upToMs: 30 * 86_400_000, unitMs: 86_400_000, name: "d" },
];

/** "just now", "4 min ago", "2 h ago", "12 d ago", then the day itself. Times ahead of `nowMs` count as now. */
export function formatAge(at: Date, nowMs: number): string {
  const ageMs = Math.max(0, nowMs - at.getTime());
  if (ageMs < 10_000) return "just now";
  const step = STEPS.find((candidate) => ageMs < candidate.upToMs);
  return step ? `${Math.floor(ageMs / step.unitMs)} ${step.name} ago` : formatDay(at);
}

/** How long something took: "60 ms", "1.2 s", "4 min", "2 h", "12 d". */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${Number((ms / 1_000).toFixed(1))} s`;
  const step = STEPS.find((candidate) => ms < candidate.upToMs) ?? { unitMs: 86_400_000, name: "d" };
  return `${Math.floor(ms / step.unitMs)} ${step.name}`;
}

/** A size on disk: "0 bytes", "3.4 MB". */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} bytes`;
  const units = ["kB", "MB", "GB", "TB"];
  const power = Math.min(units.length, Math.floor(Math.log10(bytes) / 3));
  return `${Number((bytes / 1_000 ** power).toFixed(1))} ${units[power - 1]}`;
}
