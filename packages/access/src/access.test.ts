import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ACTION_NAMES,
  ACTIONS,
  type Action,
  allowedActions,
  BUILT_IN_ROLES,
  covers,
  decideAccess,
  findBuiltInRole,
  findUngrantable,
  type Grant,
  intersect,
  type Limit,
  narrow,
  type Scope,
  whoCan,
  widen,
} from "./index.ts";

/** Few ids, so that scopes meet; the same ids of projects and environments in both organisations. */
const organisationId = fc.constantFrom("o1", "o2");
const projectId = fc.constantFrom("p1", "p2");
const environmentId = fc.constantFrom("e1", "e2");
const scopes: fc.Arbitrary<Scope> = fc.oneof(
  fc.record({ kind: fc.constant("organisation" as const), organisationId }),
  fc.record({ kind: fc.constant("project" as const), organisationId, projectId }),
  fc.record({ kind: fc.constant("environment" as const), organisationId, projectId, environmentId }),
);
const action = fc.constantFrom(...ACTION_NAMES);
const actions = fc.oneof(
  fc.constantFrom(...BUILT_IN_ROLES.map((role): readonly Action[] => role.actions)),
  fc.uniqueArray(action, { maxLength: 6 }),
);
const via: Grant["via"] = { role: "some", subject: { kind: "person", id: "u1", name: "Ana" } };
const grant: fc.Arbitrary<Grant> = fc.record({ actions, scope: scopes, via: fc.constant(via) });
const grants = fc.array(grant, { maxLength: 4 });
const limits: fc.Arbitrary<Limit[]> = fc.array(fc.record({ actions, scope: scopes }), { maxLength: 3 });

const isAllowed = (held: readonly Grant[], asked: Action, scope: Scope) => decideAccess(held, asked, scope).allowed;
const everyScope: Scope[] = ["o1", "o2"].flatMap((organisationId): Scope[] => [
  { kind: "organisation", organisationId },
  ...["p1", "p2"].flatMap((projectId): Scope[] => [
    { kind: "project", organisationId, projectId },
    ...["e1", "e2"].map((environmentId): Scope => ({ kind: "environment", organisationId, projectId, environmentId })),
  ]),
]);
const everything = (held: readonly Grant[]) =>
  new Set(everyScope.flatMap((scope) => allowedActions(held, scope).map((name) => `${name} ${JSON.stringify(scope)}`)));
const isWithin = (inner: Set<string>, outer: Set<string>) => [...inner].every((one) => outer.has(one));

describe("decide", () => {
  it("never takes anything away when a grant is added", () => {
    fc.assert(
      fc.property(grants, grant, fc.nat(4), (held, more, place) => {
        expect(isWithin(everything(held), everything(held.toSpliced(place, 0, more)))).toBe(true);
      }),
    );
  });

  it("allows in a scope what is granted on it or on a wider one, and nothing that is granted elsewhere", () => {
    fc.assert(
      fc.property(scopes, scopes, action, (held, asked, name) => {
        const one = { actions: [name], scope: held, via };
        expect(isAllowed([one], name, asked)).toBe(covers(held, widen(asked, ACTIONS[name].on)));
      }),
    );
  });

  it("allows nothing in another organisation", () => {
    fc.assert(
      fc.property(grants, action, scopes, (held, name, scope) => {
        const foreign = held.filter((one) => one.scope.organisationId !== scope.organisationId);
        expect(isAllowed(foreign, name, scope)).toBe(false);
      }),
    );
  });

  it("allows no action that no grant names", () => {
    fc.assert(
      fc.property(grants, action, scopes, (held, name, scope) => {
        const others = held.map((one) => ({ ...one, actions: one.actions.filter((other) => other !== name) }));
        expect(decideAccess(others, name, scope)).toMatchObject({ allowed: false, missing: name });
      }),
    );
  });

  it("agrees with allowedActions for every action and scope", () => {
    fc.assert(
      fc.property(grants, (held) => {
        for (const scope of everyScope) {
          const allowed = allowedActions(held, scope);
          for (const name of ACTION_NAMES) expect(allowed.includes(name)).toBe(isAllowed(held, name, scope));
        }
      }),
    );
  });

  it("says what is missing where a grant of it would help", () => {
    fc.assert(
      fc.property(grants, action, scopes, (held, name, scope) => {
        const decision = decideAccess(held, name, scope);
        if (decision.allowed) return;
        const helping = { actions: [decision.missing], scope: decision.scope, via };
        expect(isAllowed([...held, helping], name, scope)).toBe(true);
      }),
    );
  });

  it("asks an action of projects on the project when it is asked in an environment", () => {
    const environment: Scope = { kind: "environment", organisationId: "o1", projectId: "p1", environmentId: "e1" };
    const there = [{ actions: ["flag.archive", "flag.update"] as const, scope: environment, via }];
    expect(allowedActions(there, environment)).toEqual(["flag.update"]);
    expect(decideAccess(there, "flag.archive", environment)).toEqual({
      allowed: false,
      missing: "flag.archive",
      scope: { kind: "project", organisationId: "o1", projectId: "p1" },
    });
  });
});

describe("scopes", () => {
  it("intersect in what both hold", () => {
    fc.assert(
      fc.property(scopes, scopes, scopes, (one, other, probe) => {
        const common = intersect(one, other);
        expect(common !== null && covers(common, probe)).toBe(covers(one, probe) && covers(other, probe));
      }),
    );
  });

  it("are ordered: each covers itself, two that cover each other are the same, and what one covers it covers wholly", () => {
    fc.assert(
      fc.property(scopes, scopes, scopes, (a, b, c) => {
        expect(covers(a, a)).toBe(true);
        if (covers(a, b) && covers(b, a)) expect(a).toEqual(b);
        if (covers(a, b) && covers(b, c)) expect(covers(a, c)).toBe(true);
      }),
    );
  });

  it("widen to the one around of the kind that is asked", () => {
    fc.assert(
      fc.property(scopes, fc.constantFrom("organisation", "project", "environment"), (scope, kind) => {
        const wide = widen(scope, kind);
        expect(covers(wide, scope)).toBe(true);
        expect([kind, scope.kind]).toContain(wide.kind);
      }),
    );
  });
});

describe("narrow", () => {
  it("leaves what both the grants and the limits allow, and nothing else", () => {
    fc.assert(
      fc.property(grants, limits, (held, by) => {
        const left = narrow(held, by);
        const limiting = by.map((limit) => ({ ...limit, via }));
        for (const scope of everyScope) {
          for (const name of ACTION_NAMES) {
            // Grants that only together allow something do not exist: each allows by itself.
            const both = isAllowed(held, name, scope) && isAllowed(limiting, name, scope);
            expect(isAllowed(left, name, scope)).toBe(both);
          }
        }
      }),
    );
  });

  it("leaves nothing without a limit", () => {
    fc.assert(fc.property(grants, (held) => narrow(held, []).length === 0));
  });
});

describe("whoCan", () => {
  it("finds the people for whom decide says so, in their order", () => {
    const crowd = fc.array(fc.record({ name: fc.string(), grants }), { maxLength: 5 });
    fc.assert(
      fc.property(crowd, action, scopes, (people, name, scope) => {
        const can = whoCan(people, name, scope);
        for (const person of people) expect(can.includes(person)).toBe(isAllowed(person.grants, name, scope));
        expect(people.filter((person) => can.includes(person))).toEqual(can);
      }),
    );
  });
});

describe("findUngrantable", () => {
  it("lets nobody give more than they have", () => {
    fc.assert(
      fc.property(grants, actions, scopes, (held, given, scope) => {
        fc.pre(findUngrantable(held, { actions: given, scope }).length === 0);
        const after = [...held, { actions: given, scope, via }];
        expect(everything(after)).toEqual(everything(held));
      }),
    );
  });
});

describe("built-in roles", () => {
  const on: Scope = { kind: "organisation", organisationId: "o1" };
  const granted = (key: string) => [{ actions: findBuiltInRole(key)?.actions ?? [], scope: on, via }];

  it("let an owner do everything, and everybody look", () => {
    expect(allowedActions(granted("owner"), on)).toEqual(ACTION_NAMES);
    for (const { key } of BUILT_IN_ROLES) expect(isAllowed(granted(key), "project.read", on)).toBe(true);
    expect(allowedActions(granted("nobody"), on)).toEqual([]);
  });

  it("each name an action once, and let admins make no owners", () => {
    for (const role of BUILT_IN_ROLES) expect(new Set(role.actions).size).toBe(role.actions.length);
    expect(findUngrantable(granted("admin"), { actions: ACTION_NAMES, scope: on })).toEqual(["organisation.update"]);
  });

  it("let only publishers and above change what an environment serves", () => {
    for (const name of [
      "environment.publish",
      "release.start",
      "experiment.start",
      "experiment.stop",
      "change.apply",
    ] as const) {
      const can = BUILT_IN_ROLES.filter(({ key }) => isAllowed(granted(key), name, on)).map(({ key }) => key);
      expect(can).toEqual(["owner", "admin", "publisher"]);
    }
  });
});
