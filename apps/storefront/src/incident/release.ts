import { FLAG } from "./checkout.ts";
import { type Dashboard, Refused } from "./dashboard.ts";

/** A release, as far as the incident looks at it. */
export interface Release {
  status: string;
  transitions: { kind: string; sentence: string; at: string }[];
}

const ENVIRONMENT = "production";

/** The flag, on, with the old checkout for everybody; made where it is not there yet. */
async function prepareFlag(dashboard: Dashboard, project: string): Promise<void> {
  const at = { project, flag: FLAG, environment: ENVIRONMENT };
  try {
    await dashboard.mutate("flag.create", {
      project,
      key: FLAG,
      name: "Express checkout",
      description: "The new checkout of the incident: it fails for some.",
      type: "boolean",
    });
  } catch (error) {
    if (!(error instanceof Refused) || error.code !== "EXISTS") throw error;
  }
  const serve = { variant: "off" };
  await dashboard.mutate("flag.update", {
    ...at,
    instructions: [{ kind: "turnOn" }, { kind: "setServe", rule: null, serve }],
  });
}

/** Ships the new checkout by a canary of 10 %, guarded by errors. @returns the release's number */
export async function shipExpress(dashboard: Dashboard, project: string): Promise<number> {
  await prepareFlag(dashboard, project);
  const plan = {
    strategy: "canary",
    rule: null,
    variant: "on",
    by: "targetingKey",
    steps: [
      { parts: 10_000, holdSeconds: 600 },
      { parts: 50_000, holdSeconds: 600 },
    ],
    guards: [{ metric: "error", margin: 0, action: "roll back" }],
    minUnits: 100,
    holdbackParts: 0,
    bakeSeconds: 600,
    standbySeconds: 600,
    whenStalled: "tell",
  };
  const input = { project, flag: FLAG, environment: ENVIRONMENT, plan, start: { at: null } };
  return (await dashboard.mutate<{ release: number }>("release.create", input)).release;
}

export function fetchRelease(dashboard: Dashboard, project: string, release: number): Promise<Release> {
  return dashboard.query<Release>("release.get", { project, release });
}
