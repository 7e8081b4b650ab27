import { type ConfigServe, readConfiguration } from "@telltale/configuration";
import type { Database } from "@telltale/db";
import { evaluate, prepare } from "@telltale/evaluator";
import { planOf, type ReleasePlan } from "@telltale/release";
import { readRuleset } from "@telltale/ruleset";
import { system, type TestShop } from "../fixtures.ts";
import { type Actor, createFlag, createRelease, getRelease, stepDueReleases, updateFlag } from "../index.ts";
import type { Observe } from "./observed.ts";

export const project = "demo/shop";

/** Two steps of a minute each, then a minute of bake and a minute of standby. */
export function planOfMinutes(parts: Partial<ReleasePlan> = {}): ReleasePlan {
  const steps = [
    { parts: 10_000, holdSeconds: 60 },
    { parts: 50_000, holdSeconds: 60 },
  ];
  const base = planOf("canary", { rule: null, variant: "on" });
  return { ...base, steps, bakeSeconds: 60, standbySeconds: 60, ...parts };
}

/** A flag that is on in production and serves "off", with a rule for Germany. */
export async function addFlag({ database }: Pick<TestShop, "database">, key: string): Promise<void> {
  await createFlag(database, system, { project, key, name: key, type: "boolean" });
  await updateFlag(database, system, {
    ...at(key),
    instructions: [
      { kind: "turnOn" },
      { kind: "setServe", rule: null, serve: { variant: "off" } },
      {
        kind: "addRule",
        before: null,
        rule: {
          id: "german",
          when: [{ attribute: "country", op: "in", values: ["DE"] }],
          serve: { variant: "off" },
        },
      },
    ],
  });
}

export const at = (flag: string) => ({ project, flag, environment: "production" });

/** Starts a release of the flag's variant "on". @returns its number */
export async function startOf(
  database: Database,
  actor: Actor,
  flag: string,
  plan: Partial<ReleasePlan> = {},
): Promise<number> {
  const input = { ...at(flag), plan: planOfMinutes(plan), start: { at: null } };
  return (await createRelease(database, actor, input)).release;
}

/** Lets time pass for a release: the database's clock cannot be turned, so that its moments are moved back. */
export async function passTime(database: Database, release: number, seconds: number): Promise<void> {
  const ms = seconds * 1_000;
  await database.$executeRaw`
    update release set "nextActionAt" = "nextActionAt" - ${ms} * interval '1 millisecond',
           state = state || jsonb_build_object(
             'measuringSince', (state->>'measuringSince')::float8 - ${ms}, 'since', (state->>'since')::float8 - ${ms},
             'startAt', (state->>'startAt')::float8 - ${ms})
     where number = ${release}`;
}

/** No SDK has observed anything. */
export const nobodySeen: Observe = async () => [];

/** Lets time pass, and the worker look. @returns how many transitions the release made; others may be due, too */
export async function goOn(database: Database, release: number, seconds = 61): Promise<number> {
  const before = await look(database, release);
  await passTime(database, release, seconds);
  await stepDueReleases(database, nobodySeen, (error) => {
    throw error;
  });
  return (await look(database, release)).stateVersion - before.stateVersion;
}

export const look = (database: Database, release: number) => getRelease(database, system, { project, release });

/** A release as it is now, for an act of somebody who has looked at it. */
export async function asSeen(database: Database, release: number) {
  const { stateVersion } = await look(database, release);
  return { project, release, expectedStateVersion: stateVersion };
}

/** What the flag's configuration serves to everyone else, or by a rule. */
export async function serving(database: Database, flag: string, rule: string | null = null): Promise<ConfigServe> {
  const row = await database.flagConfig.findFirstOrThrow({
    where: { flag: { key: flag }, environment: { key: "production" } },
  });
  const config = readConfiguration(row.config);
  const found = rule === null ? config : config.rules.find(({ id }) => id === rule);
  if (!found) throw new Error(`there is no rule ${rule}`);
  return found.serve;
}

/** How many of 1,000 units the published ruleset gives true, of those that reach everyone else. */
export async function countOn(database: Database, flag: string): Promise<number> {
  const { id } = await database.environment.findFirstOrThrow({ where: { key: "production" } });
  const document = await readRuleset(database, id, "server");
  const read = prepare(document);
  if (!read.ok) throw new Error(read.reason);
  let on = 0;
  for (let unit = 0; unit < 1_000; unit++) {
    if (evaluate(read.ruleset, flag, { targetingKey: `u-${unit}` }, false).value) on += 1;
  }
  return on;
}
