import { expect, it } from "vitest";
import { ACTION_NAMES, ACTIONS, customRoleSchema, explainRefusal, readActions } from "./index.ts";

const people = (...names: string[]) => names.map((name) => ({ name }));

it("says what is needed, where, and who can do it", () => {
  expect(explainRefusal({ action: "environment.publish", place: "Production", people: people("Ana", "Li") })).toBe(
    "To publish in Production you need the role Owner, Admin or Publisher. Ana or Li can do this.",
  );
});

it("names three people and counts the others, says so when there is nobody, and speaks to tokens", () => {
  const ask = (...names: string[]) => explainRefusal({ action: "organisation.update", people: people(...names) });
  expect(ask("A")).toContain(" A can do this.");
  expect(ask("A", "B", "C", "D")).toContain(" A, B, C or 1 other can do this.");
  expect(ask("A", "B", "C", "D", "E")).toContain(" A, B, C or 2 others can do this.");
  expect(ask()).toContain("Nobody can do this");
  expect(explainRefusal({ action: "flag.create", by: "token", people: [] })).toContain("this token needs");
});

it("names the organisation's own roles that allow it", () => {
  const customRoles = [
    { key: "releaser", name: "Releaser", actions: ["environment.publish" as const] },
    { key: "reader", name: "Reader", actions: ["project.read" as const] },
  ];
  const sentence = explainRefusal({ action: "environment.publish", people: [], customRoles });
  expect(sentence).toContain("Owner, Admin, Publisher or Releaser.");
});

it("stays short whatever people call themselves", () => {
  for (const letter of ["a", "😀"]) {
    const sentence = explainRefusal({
      action: "flag.create",
      place: letter.repeat(1e5),
      people: people(letter.repeat(1e5)),
    });
    expect(sentence.length).toBeLessThan(500);
    expect(() => encodeURIComponent(sentence)).not.toThrow();
  }
});

it("has a phrase for every action", () => {
  for (const action of ACTION_NAMES) expect(ACTIONS[action].phrase).toMatch(/^[a-z].*[a-zA-Z]$/);
});

it("drops stored actions that it does not know, and takes no custom role with a built-in key", () => {
  expect(readActions(["flag.update", "flag.fly", "toString"])).toEqual(["flag.update"]);
  const role = { key: "owner", name: "Mine", actions: ["flag.update"] };
  expect(customRoleSchema.safeParse(role).success).toBe(false);
  expect(customRoleSchema.safeParse({ ...role, key: "mine" }).success).toBe(true);
  expect(customRoleSchema.safeParse({ ...role, key: "mine", actions: ["flag.fly"] }).success).toBe(false);
});
