import { openDatabase } from "@telltale/db";
import {
  cookieCatsState,
  createDemoKeys,
  DEMO_PROJECT,
  endCookieCats,
  replayCookieCats,
  seedDemo,
} from "@telltale/prisma";
import { localUrl, type Settings } from "./settings.ts";
import { type Demo, easyPassword, readDemo, type Secrets, writeDemo } from "./state.ts";

/** Puts the demo project into place, once; what it made is kept in `demo.json`. */
export async function prepareDemo(
  settings: Settings,
  databaseUrl: string,
  secrets: Secrets,
  log: (line: string) => void,
) {
  const known = readDemo(settings.dataFolder);
  if (known?.keys.production) return known;
  log("Seeding the demo project …");
  const database = openDatabase(databaseUrl);
  try {
    const people = {
      owner: { email: "owner@example.com", password: easyPassword() },
      viewer: { email: "viewer@example.com", password: easyPassword() },
    };
    await seedDemo(database, secrets.authSecret, people);
    const demo: Demo = { ...people, project: DEMO_PROJECT, keys: await createDemoKeys(database) };
    writeDemo(settings.dataFolder, demo);
    return demo;
  } finally {
    await database.$disconnect();
  }
}

/** Replays the published experiment through the running edge, unless that is done; safe to be cut off and done again. */
export async function replayDemo(settings: Settings, databaseUrl: string, demo: Demo, log: (line: string) => void) {
  const database = openDatabase(databaseUrl);
  try {
    const { start, pending } = await cookieCatsState(database);
    if (!pending) return;
    log("Replaying the Cookie Cats experiment, 90,189 players one by one …");
    const serverKey = demo.keys.production?.server ?? "";
    const acknowledged = await replayCookieCats({ edgeUrl: localUrl(settings.ports.edge), serverKey, start });
    await endCookieCats(database);
    log(`The edge acknowledged ${acknowledged.toLocaleString("en")} events.`);
  } finally {
    await database.$disconnect();
  }
}
