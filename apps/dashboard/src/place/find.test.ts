import { describe, expect, it } from "vitest";
import { findFirst, findMoved, findPlace, placesOf } from "./find.ts";

const organisation = (key: string, ...projects: string[]) => ({
  key,
  name: key,
  role: "Owner",
  projects: projects.map((project) => ({
    address: `${key}/${project}`,
    key: project,
    name: project,
    actions: [],
    environments: [],
  })),
});
const user = { id: "1", name: "Olivia", email: "o@example.com" };
const me = {
  user,
  organisations: [organisation("acme", "shop", "blog", "beta"), organisation("beta", "blog", "flags")],
};

describe("a place", () => {
  it("is found by organisation and project, and only among one's own", () => {
    expect(findPlace(me, { organisation: "beta", project: "blog" })?.organisation.key).toBe("beta");
    expect(findPlace(me, { organisation: "acme", project: "flags" })).toBeUndefined();
    expect(findPlace(me, { organisation: "other", project: "shop" })).toBeUndefined();
  });

  it("to begin with is the last one, while it is still there", () => {
    expect(findFirst(me, "beta/blog")?.project.address).toBe("beta/blog");
    expect(findFirst(me, "gone/shop")?.project.address).toBe("acme/shop");
    expect(findFirst({ user, organisations: [] }, "acme/shop")).toBeUndefined();
    expect(placesOf(me)).toHaveLength(5);
  });
});

describe("an address of the form before", () => {
  it.each([
    ["/shop", "/acme/shop"],
    ["/shop/flags/banner?env=production", "/acme/shop/flags/banner?env=production"],
    ["/flags", "/beta/flags"],
  ])("%s leads to %s", (old, now) => {
    expect(findMoved(me, old)).toBe(now);
  });

  it.each(["/blog/flags", "/beta/flags", "/gone/flags", "/", "//evil.example/flags", ""])("%s leads nowhere", (old) => {
    expect(findMoved(me, old)).toBeUndefined();
  });
});
