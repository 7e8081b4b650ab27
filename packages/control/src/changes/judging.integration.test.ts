import { afterAll, beforeAll, expect, it } from "vitest";
import { addPeople, addPerson, openShop, type People, refusal, system, type TestShop } from "../fixtures.ts";
import {
  type Actor,
  approveChange,
  createFlag,
  createToken,
  getChange,
  proposeChange,
  setEnvironmentPolicy,
  setMemberRole,
} from "../index.ts";

const organisation = "demo";
const project = "demo/shop";
let shop: TestShop;
let people: People;
let reviewer: Actor & { kind: "user" };
beforeAll(async () => {
  shop = await openShop();
  people = await addPeople(shop);
  reviewer = await addPerson(shop, "reviewer");
  await setMemberRole(shop.database, system, { organisation, userId: reviewer.userId, role: "publisher" });
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
