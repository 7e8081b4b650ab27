import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseProjectAddress, projectAddressSchema } from "../door/address.ts";
import { addPeople, audited, openShop, type People, refusal, system, type TestShop } from "../fixtures.ts";
import {
  archiveProject,
  createFlag,
  createProject,
  ensureOrganisation,
  getMembership,
  listFlags,
  openProject,
  orderProjects,
  renameProject,
  restoreProject,
} from "../index.ts";

let shop: TestShop;
let people: People;
beforeAll(async () => {
  shop = await openShop();
  people = await addPeople(shop);
});
afterAll(() => shop?.close());

const environments = [{ key: "production", name: "Production" }];
const addresses = async () => {
  const membership = await getMembership(shop.database, people.owner.kind === "user" ? people.owner.userId : "");
  return membership?.organisations.flatMap(({ projects }) => projects.map(({ address }) => address));
};

describe("an address", () => {
  it("is organisation/project, and a sentence says so of everything else", () => {
    expect(parseProjectAddress("acme/shop.2")).toEqual({ organisation: "acme", project: "shop.2" });
    const wrong = ["shop", "", "/", "a/", "/b", "a/b/c", "a /b", "../b", `a/${"b".repeat(90)}`, "/".repeat(60_000)];
    for (const text of wrong) {
      expect(() => parseProjectAddress(text)).toThrow("organisation/project, such as acme/shop");
      expect(projectAddressSchema.safeParse(text).error?.issues[0]?.message).toContain("such as acme/shop");
    }
  });
});

describe("a project", () => {
  it("has a key of its own within its organisation; another organisation may use the same", async () => {
    await ensureOrganisation(shop.database, { key: "next", name: "Next" });
    const made = { key: "shop", name: "Shop", environments };
    expect(await createProject(shop.database, system, { ...made, organisation: "next" })).toEqual({
      address: "next/shop",
    });
    const again = createProject(shop.database, people.owner, { ...made, organisation: "demo" });
    expect((await refusal(again)).code).toBe("EXISTS");
    await createFlag(shop.database, system, { project: "next/shop", key: "theirs", name: "T", type: "boolean" });
    expect(await listFlags(shop.database, people.owner, { project: "demo/shop" })).toEqual([]);
    for (const project of ["next/shop", "none/shop", "demo/none"]) {
      const { code, message } = await refusal(openProject(shop.database, people.owner, project));
      expect([code, message.replace(project, "…")]).toEqual([
        "NOT_FOUND",
        'There is no project "…" here. Check the key, or look at the list.',
      ]);
    }
  });

  it("of one key is made once by many who make it at once", async () => {
    const make = () =>
      createProject(shop.database, people.owner, { organisation: "demo", key: "rush", name: "Rush", environments });
    const done = await Promise.allSettled(Array.from({ length: 6 }, make));
    expect(done.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const codes = done.flatMap((one) => (one.status === "rejected" ? [one.reason.code] : []));
    expect(codes).toEqual(Array.from({ length: 5 }, () => "EXISTS"));
  });

  it("is renamed and put into an order", async () => {
    const rename = { project: "demo/rush", name: "Hurry" };
    expect((await renameProject(shop.database, people.owner, rename)).sentence).toBe('Renamed from "Rush" to "Hurry".');
    expect(await audited(shop.database, 1, "demo/rush")).toEqual(['project rush: Renamed from "Rush" to "Hurry".']);
    expect(await addresses()).toEqual(["demo/shop", "demo/rush"]);
    const order = { organisation: "demo", projects: ["rush", "shop"] };
    await orderProjects(shop.database, people.owner, order);
    expect(await addresses()).toEqual(["demo/rush", "demo/shop"]);
    expect(await audited(shop.database, 1)).toEqual(["organisation demo: Order of projects: rush, shop."]);
    const short = orderProjects(shop.database, people.owner, { ...order, projects: ["rush"] });
    expect((await refusal(short)).code).toBe("INVALID");
  });

  it("that is archived is like one that never was, until it is restored", async () => {
    const project = "demo/rush";
    await archiveProject(shop.database, people.owner, { project });
    expect(await addresses()).toEqual(["demo/shop"]);
    expect((await refusal(openProject(shop.database, people.owner, project))).code).toBe("NOT_FOUND");
    const make = createProject(shop.database, people.owner, {
      organisation: "demo",
      key: "rush",
      name: "Rush",
      environments,
    });
    expect(await refusal(make)).toMatchObject({ code: "EXISTS", message: expect.stringContaining("(archived)") });
    await restoreProject(shop.database, people.owner, { organisation: "demo", project: "rush" });
    expect(await addresses()).toEqual(["demo/rush", "demo/shop"]);
    expect(await audited(shop.database, 2, project)).toEqual([
      'project rush: Restored "Hurry" with its keys.',
      'project rush: Archived "Hurry": its keys are refused.',
    ]);
  });

  it("is changed by those who may, and by nobody's member not even seen", async () => {
    const [organisation, project] = ["demo", "demo/shop"];
    const acts = [
      (who: People["owner"]) =>
        createProject(shop.database, who, { organisation, key: "more", name: "More", environments }),
      (who: People["owner"]) => renameProject(shop.database, who, { project, name: "Other" }),
      (who: People["owner"]) => orderProjects(shop.database, who, { organisation, projects: [] }),
      (who: People["owner"]) => archiveProject(shop.database, who, { project }),
      (who: People["owner"]) => restoreProject(shop.database, who, { organisation, project: "demo/shop" }),
    ];
    for (const act of acts) {
      expect((await refusal(act(people.viewer))).code).toBe("FORBIDDEN");
      expect((await refusal(act(people.stranger))).code).toBe("NOT_FOUND");
    }
  });
});
