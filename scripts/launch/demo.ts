import { openDatabase } from "@telltale/db";
import { createDemoKeys, DEMO_PROJECT, endStory, pendingSince, replay, seedDemo, stories } from "@telltale/prisma";
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

/** Replays the published experiments through the running edge, unless that is done; safe to be cut off and done again. */
export async function replayDemo(settings: Settings, databaseUrl: string, demo: Demo, log: (line: string) => void) {
  const database = openDatabase(databaseUrl);
  const serverKey = demo.keys.production?.server ?? "";
  try {
    for (const story of stories) {
      const start = await pendingSince(database, story);
      if (!start) continue;
      log(`Replaying ${story.title}, one by one …`);
      const acknowledged = await replay(story, { edgeUrl: localUrl(settings.ports.edge), serverKey, start });
      await endStory(database, story);
      log(`The edge acknowledged ${acknowledged.toLocaleString("en")} events.`);
    }
  } finally {
    await database.$disconnect();
  }
}
