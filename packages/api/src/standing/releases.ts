import {
  type Actor,
  advanceRelease,
  createFlag,
  createRelease,
  type Database,
  pauseRelease,
  updateFlag,
} from "@telltale/control";
import { planOf } from "@telltale/release";

const system = { kind: "system", name: "demo seed" } as const;

/** What is done to releases, in the order of their numbers; each is of a flag of its own. */
const RELEASES = [
  "look",
  "start",
  "cancel",
  "pause",
  "resume",
  "advance",
  "approve",
  "rollback",
  "decommission",
] as const;
type ReleaseName = (typeof RELEASES)[number];

const numberOf = (name: ReleaseName) => RELEASES.indexOf(name) + 1;
const flagOf = (name: ReleaseName) => `release-${name}`;

/** One release for each thing that may be done to one, in a state in which it can be done. */
export async function fillReleases(database: Database, project: string, boss: Actor): Promise<void> {
  for (const name of RELEASES) {
    await addReleasable(database, project, flagOf(name));
    const steps = [{ parts: 10_000, holdSeconds: 3_600, isApprovalNeeded: name === "approve" }];
    const plan = { ...planOf("canary", { rule: null, variant: "on" }), steps };
    const start = name === "start" || name === "cancel" ? {} : { start: { at: null } };
    await createRelease(database, system, { ...at(project, flagOf(name)), plan, ...start });
  }
  await addReleasable(database, project, "release-create");
  await pauseRelease(database, boss, { project, release: numberOf("resume") });
  const last = { project, release: numberOf("decommission") };
  for (const expectedStateVersion of [1, 2]) await advanceRelease(database, boss, { ...last, expectedStateVersion });
}

const at = (project: string, flag: string) => ({ project, flag, environment: "production" });

async function addReleasable(database: Database, project: string, key: string): Promise<void> {
  await createFlag(database, system, { project, key, name: key, type: "boolean" });
  const serve = { kind: "setServe" as const, rule: null, serve: { variant: "off" } };
  await updateFlag(database, system, { ...at(project, key), instructions: [{ kind: "turnOn" }, serve] });
}

/** An input of every procedure of releases. */
export function ofReleases(project: string): Record<string, unknown> {
  const to = (name: ReleaseName) => ({ project, release: numberOf(name) });
  const first = { expectedStateVersion: 1 };
  return {
    "release.list": { project },
    "release.get": to("look"),
    "release.create": { ...at(project, "release-create"), plan: planOf("canary", { rule: null, variant: "on" }) },
    "release.start": { ...to("start"), expectedStateVersion: 0, at: null },
    "release.cancel": { ...to("cancel"), expectedStateVersion: 0 },
    "release.pause": to("pause"),
    "release.resume": { ...to("resume"), expectedStateVersion: 2 },
    "release.advance": { ...to("advance"), ...first },
    "release.approve": { ...to("approve"), ...first },
    "release.rollback": to("rollback"),
    "release.decommission": { ...to("decommission"), expectedStateVersion: 3 },
  };
}
