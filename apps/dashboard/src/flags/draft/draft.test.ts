import { describe, expect, it } from "vitest";
import type { FlagConfiguration } from "../../query/outputs.ts";
import { editDraft, isDirty, loadNewer, meetPublished, rebaseDraft, startDraft } from "./draft.ts";

const config = (changes: Partial<FlagConfiguration> = {}): FlagConfiguration => ({
  on: true,
  off: "off",
  targets: [],
  rules: [],
  serve: { variant: "off" },
  ...changes,
});
const published = (revision: number, changes?: Partial<FlagConfiguration>) => ({ revision, config: config(changes) });
const edited = editDraft(startDraft(published(7)), config({ serve: { variant: "on" } }));

describe("draft", () => {
  it("is clean until something differs, and again when it is put back", () => {
    expect(isDirty(startDraft(published(7)))).toBe(false);
    expect(isDirty(edited)).toBe(true);
    expect(isDirty(editDraft(edited, config()))).toBe(false);
  });

  it("is clean where only the order of members differs, or an empty list was absent", () => {
    const reordered = { serve: { variant: "off" }, rules: [], targets: [], prerequisites: [], off: "off", on: true };
    expect(isDirty(editDraft(startDraft(published(7)), reordered))).toBe(false);
    const met = meetPublished(edited, { revision: 8, config: reordered });
    expect([met.base.revision, met.newer]).toEqual([8, undefined]);
  });

  it("follows what is published while it has no edits", () => {
    expect(meetPublished(startDraft(published(7)), published(8, { off: "on" }))).toEqual(
      startDraft(published(8, { off: "on" })),
    );
  });

  it("does not go back to an older answer", () => {
    expect(meetPublished(edited, published(6, { off: "on" }))).toBe(edited);
  });

  it("takes the edits along when only the switch was moved", () => {
    const met = meetPublished(edited, published(8, { on: false }));
    expect(met.newer).toBeUndefined();
    expect(met.base.revision).toBe(8);
    expect(met.config).toEqual(config({ on: false, serve: { variant: "on" } }));
  });

  it("keeps every edit when somebody published something else", () => {
    const met = meetPublished(edited, published(8, { off: "on" }));
    expect(met.config).toEqual(edited.config);
    expect(met.base.revision).toBe(7);
    expect(met.newer?.revision).toBe(8);
  });

  it("loads the newer one, or goes on top of it", () => {
    const met = meetPublished(edited, published(8, { off: "on" }));
    expect(loadNewer(met)).toEqual(startDraft(published(8, { off: "on" })));
    const onTop = rebaseDraft(met);
    expect(onTop.base.revision).toBe(8);
    expect(onTop.newer).toBeUndefined();
    expect(onTop.config).toEqual(config({ serve: { variant: "on" }, off: "on" }));
  });

  it("merges rule by rule: mine where I edited, theirs elsewhere, nobody's addition lost", () => {
    const rule = (id: string, variant = "off", when = [{ attribute: id, op: "exists" as const }]) => ({
      id,
      when,
      serve: { variant },
    });
    const base = published(1, { rules: [rule("a"), rule("b"), rule("c"), rule("all", "off", [])] });
    const mine = editDraft(
      startDraft(base),
      config({ rules: [rule("b"), rule("a", "on"), rule("mine"), rule("all", "off", [])] }),
    );
    const met = meetPublished(
      mine,
      published(2, { rules: [rule("a"), rule("b", "on"), rule("c"), rule("theirs"), rule("all", "off", [])] }),
    );
    expect(
      rebaseDraft(met).config.rules.map(({ id, serve }) => `${id}:${"variant" in serve ? serve.variant : "split"}`),
    ).toEqual(["b:on", "a:on", "mine:off", "theirs:off", "all:off"]);
  });

  it("takes their rules when mine were not touched", () => {
    const theirs = { id: "theirs", when: [{ attribute: "a", op: "exists" as const }], serve: { variant: "on" } };
    const met = meetPublished(edited, published(8, { rules: [theirs] }));
    expect(rebaseDraft(met).config).toEqual(config({ serve: { variant: "on" }, rules: [theirs] }));
  });

  it("never turns back on what was turned off meanwhile", () => {
    const met = meetPublished(edited, published(9, { on: false, off: "on" }));
    expect(rebaseDraft(met).config.on).toBe(false);
  });
});
