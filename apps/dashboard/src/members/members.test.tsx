// @vitest-environment jsdom
import { render, screen, within } from "@testing-library/react";
import { expect, it } from "vitest";
import { FakeApi } from "../query/fakes.tsx";
import type { MemberAccess, Organisation } from "../query/outputs.ts";
import { MemberList } from "./member-list.tsx";
import { MemberPage } from "./member-page.tsx";

const everywhere = { project: null, environment: null };
const organisation: Organisation = {
  members: [
    {
      userId: "u1",
      name: "Ana",
      email: "ana@example.com",
      createdAt: new Date("2026-11-01T12:00:00Z"),
      roles: [{ ...everywhere, role: "viewer" }],
    },
  ],
  teams: [
    {
      key: "shop",
      name: "Shop",
      userIds: ["u1"],
      roles: [{ role: "publisher", project: "harbour", environment: "staging" }],
    },
    { key: "other", name: "Other", userIds: [], roles: [{ ...everywhere, role: "owner" }] },
  ],
  roles: [],
};

it("lists what each member was given, by themselves and by their teams", async () => {
  render(
    <FakeApi answers={{ "member.list": () => organisation }}>
      <MemberList />
    </FakeApi>,
  );
  const link = await screen.findByRole("link", { name: "Ana" });
  expect(link.getAttribute("href")).toBe("/demo/harbour/settings/members/u1");
  expect(screen.getAllByRole("listitem").map(({ textContent }) => textContent)).toEqual([
    "viewer",
    "publisher in harbour, staging, by team Shop",
  ]);
});

it("tells what a member may do in each environment, and by what", async () => {
  const by = { role: "publisher", team: "Shop" };
  const access: MemberAccess = {
    userId: "u1",
    name: "Ana",
    actions: [
      {
        action: "environment.publish",
        phrase: "publish",
        on: "environment",
        places: [
          { environment: "production", by: null },
          { environment: "staging", by },
        ],
      },
      {
        action: "project.read",
        phrase: "look at the project",
        on: "project",
        places: [{ environment: null, by: { role: "viewer", team: null } }],
      },
    ],
  };
  render(
    <FakeApi answers={{ "member.access": () => access }}>
      <MemberPage userId="u1" />
    </FakeApi>,
  );
  const table = await screen.findByRole("table", { name: "In each environment" });
  const [, row] = within(table).getAllByRole("row");
  expect(row?.textContent).toContain("publish");
  const cells = within(table).getAllByRole("cell");
  expect(cells.map(({ textContent }) => textContent)).toEqual([
    expect.stringContaining("no"),
    expect.stringContaining("publisherby team Shop"),
  ]);
  expect(screen.queryByRole("table", { name: "In the organisation" })).toBeNull();
});
