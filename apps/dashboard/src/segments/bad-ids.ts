import type { Problem } from "../query/problem.ts";
import type { SegmentForm } from "./segment-form.ts";

export const ID_LISTS = { included: "Always in", excluded: "Never in" } as const;
export type IdList = keyof typeof ID_LISTS;

/** An id that cannot be saved. */
export interface BadId {
  list: IdList;
  value: string;
  reason: string;
}

/**
 * The ids that a save was refused for, of those that are still in the form. `sent` is the form as it was sent: the
 * refusal speaks of its places.
 */
export function refusedIds(problem: Problem | undefined, sent: SegmentForm | undefined, form: SegmentForm): BadId[] {
  if (!sent) return [];
  const now = { included: new Set(form.definition.included), excluded: new Set(form.definition.excluded) };
  return (problem?.input?.parts ?? []).flatMap(({ path: [part, list, at], reason }) => {
    if (part !== "definition" || (list !== "included" && list !== "excluded") || typeof at !== "number") return [];
    const value = sent.definition[list][at];
    return value !== undefined && now[list].has(value) ? [{ list, value, reason }] : [];
  });
}

/** Whether nothing but ids was refused: then the list of them says it all. */
export function refusesIds(problem: Problem | undefined): boolean {
  const parts = problem?.input?.parts ?? [];
  return parts.length > 0 && parts.every(({ path: [part, list, at] }) => isId(part, list, at));
}

function isId(part: unknown, list: unknown, at: unknown): at is number {
  return part === "definition" && (list === "included" || list === "excluded") && typeof at === "number";
}

/** Ids that are listed and left out at once. */
export function contradictoryIds({ definition: { included, excluded } }: SegmentForm): BadId[] {
  const out = new Set(excluded);
  return included
    .filter((value) => out.has(value))
    .map((value) => ({ list: "included", value, reason: "It is left out as well: take it from one of the lists." }));
}

/** The form without these ids. */
export function withoutIds(form: SegmentForm, bad: readonly BadId[]): SegmentForm {
  const keep = (list: IdList) => {
    const gone = new Set(bad.flatMap((each) => (each.list === list ? [each.value] : [])));
    return form.definition[list].filter((value) => !gone.has(value));
  };
  return {
    ...form,
    definition: { ...form.definition, included: keep("included"), excluded: keep("excluded") },
  };
}
