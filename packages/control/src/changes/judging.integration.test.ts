import { afterAll, beforeAll, expect, it } from "vitest";
import { addMember, addPeople, openShop, type People, refusal, system, type TestShop } from "../fixtures.ts";
import {
  type Actor,
  applyChange,
  approveChange,
  createFlag,
  createMetric,
  createToken,
  editChange,
  getChange,
  openProject,
  proposeChange,
  setEnvironmentPolicy,
  updateFlag,
  updateMetric,
} from "../index.ts";

const organisation = "demo";
const project = "demo/shop";
let shop: TestShop;
let people: People;
let reviewer: Actor & { kind: "user" };
beforeAll(async () => {
  shop = await openShop();
  people = await addPeople(shop);
  reviewer = await addMember(shop, "reviewer", "publisher");
  await createFlag(shop.database, system, { project, key: "banner", name: "Banner", type: "boolean" });
  const policy = { approvals: [{ count: 1 }] };
  await setEnvironmentPolicy(shop.database, people.owner, { project, environment: "production", policy });
});
afterAll(() => shop?.close());

async function propose(author: Actor): Promise<number> {
  const on = { project, flag: "banner", environment: "production", on: true };
  const commands = [{ name: "flag.switch", input: on }];
  return (await proposeChange(shop.database, author, { project, title: "Ship it", commands })).change;
}

async function approve(change: number, who: Actor) {
  const { fingerprint } = await getChange(shop.database, who, { project, change });
  return approveChange(shop.database, who, { project, change, fingerprint });
}

/** A personal token; without roles it may do all that its person may. */
async function tokenOf(person: Actor, roles: { role: string }[] = []): Promise<Actor> {
  const given = { organisation, kind: "personal" as const, name: "Laptop", roles, expiresInDays: 1 };
  return { kind: "token", tokenId: (await createToken(shop.database, person, given)).id };
}

const codeOf = async (act: Promise<unknown>) => (await refusal(act)).code;

it("a change is judged by people, not by an agent for them", async () => {
  const change = await propose(people.owner);
  expect(await codeOf(approve(change, { kind: "agent", name: "Claude", onBehalfOf: reviewer }))).toBe("FORBIDDEN");
});

it("nobody approves by a token what is theirs, nor what they proposed by a token", async () => {
  expect(await codeOf(approve(await propose(people.owner), await tokenOf(people.owner)))).toBe("FORBIDDEN");
  expect(await codeOf(approve(await propose(await tokenOf(people.owner)), people.owner))).toBe("FORBIDDEN");
});

it("a token approves as its person, where its own roles allow it", async () => {
  const change = await propose(people.owner);
  expect(await codeOf(approve(change, await tokenOf(reviewer, [{ role: "editor" }])))).toBe("FORBIDDEN");
  expect(await approve(change, await tokenOf(reviewer))).toEqual({ change, state: "approved" });
});

it("nobody approves what they edited, nor what a service token of theirs proposed", async () => {
  const { database } = shop;
  const change = await propose(people.owner);
  await createFlag(database, system, { project, key: "other", name: "Other", type: "boolean" });
  const on = { project, flag: "other", environment: "production", on: true };
  const commands = [{ name: "flag.switch", input: on }];
  await editChange(database, reviewer, { project, change, expectedRevision: 1, commands });
  expect(await codeOf(approve(change, reviewer))).toBe("FORBIDDEN");
  expect(await codeOf(approve(change, people.owner))).toBe("FORBIDDEN");

  const service = {
    organisation,
    kind: "service" as const,
    name: "Robot",
    roles: [{ role: "editor" }],
    expiresInDays: 1,
  };
  const { id: tokenId } = await createToken(database, people.owner, service);
  const byRobot = await propose({ kind: "token", tokenId });
  expect(await codeOf(approve(byRobot, people.owner))).toBe("FORBIDDEN");
  expect(await approve(byRobot, reviewer)).toMatchObject({ state: "approved" });
});

it("a project that is proposed can be approved and applied", async () => {
  const { database } = shop;
  const input = { organisation, key: "proposed", name: "Proposed", environments: [{ key: "only", name: "Only" }] };
  const commands = [{ name: "project.create", input }];
  const { change } = await proposeChange(database, people.owner, { project, title: "Another project", commands });
  await applyChange(database, people.owner, { project, change });
  expect((await openProject(database, people.owner, "demo/proposed")).name).toBe("Proposed");
});

it("an approval is for the values that stood there: what others changed meanwhile is not overwritten", async () => {
  const { database } = shop;
  const variants = ["a", "b", "c"].map((key) => ({ key, value: key }));
  await createFlag(database, system, { project, key: "letters", name: "Letters", type: "string", variants });
  const set = (variant: string) => {
    const instructions = [{ kind: "setServe", rule: null, serve: { variant } }];
    return [{ name: "flag.update", input: { project, flag: "letters", environment: "production", instructions } }];
  };
  const { change } = await proposeChange(database, people.owner, { project, title: "To b", commands: set("b") });
  await approve(change, reviewer);
  const other = await proposeChange(database, people.owner, { project, title: "To c", commands: set("c") });
  await approve(other.change, reviewer);
  await applyChange(database, people.owner, { project, change: other.change });
  expect(await codeOf(applyChange(database, people.owner, { project, change }))).toBe("CONFLICT");
});

it("many instructions do not bring a flag out of the bounds that one save has", async () => {
  const { database } = shop;
  await createFlag(database, system, { project, key: "grown", name: "Grown", type: "boolean" });
  const at = { project, flag: "grown", environment: "development" };
  const serve = { variant: "on" };
  const rules = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) => ({
      kind: "addRule" as const,
      before: null,
      rule: { id: `r${from + index}`, when: [{ attribute: "email", op: "endsWith" as const, values: ["x"] }], serve },
    }));
  await updateFlag(database, people.owner, { ...at, instructions: rules(0, 150) });
  expect(await codeOf(updateFlag(database, people.owner, { ...at, instructions: rules(150, 100) }))).toBe("INVALID");
});

it("an approval of a metric's change is for the value that stood there, too", async () => {
  const { database } = shop;
  const definition = { kind: "conversion" as const, source: { event: "buy" } };
  await createMetric(database, system, { project, key: "bought", name: "Bought", definition });
  const setMargin = (margin: number) => [{ kind: "setMargin" as const, margin }];
  const at = { project, metric: "bought" };
  const commands = [{ name: "metric.update", input: { ...at, instructions: setMargin(0.05) } }];
  const { change } = await proposeChange(database, people.owner, { project, title: "More room", commands });
  await approve(change, reviewer);
  await updateMetric(database, people.owner, { ...at, instructions: setMargin(0.02) });
  const applied = applyChange(database, people.owner, { project, change });
  expect((await refusal(applied)).code).toBe("CONFLICT");
});
