import { type Database, openDatabase } from "@telltale/db";
import {
  createDemoKeys,
  DEMO_PROJECT,
  endStory,
  hasPeople,
  pendingSince,
  replay,
  seedDemo,
  stories,
} from "@telltale/prisma";
import { innerUrl } from "./addresses.ts";
import { type LaunchSettings, Refusal } from "./settings.ts";
import { type Demo, easyPassword, readDemo, type Secrets, writeDemo } from "./state.ts";

/** Puts the demo project into place, once; what it made is kept in `demo.json`. @throws Refusal */
export async function prepareDemo(
  settings: LaunchSettings,
  databaseUrl: string,
  secrets: Secrets,
  log: (line: string) => void,
): Promise<Demo> {
  const known = readDemo(settings.dataFolder);
  if (known?.keys.production) return known;
  const database = openDatabase(databaseUrl);
  try {
    const people = settings.databaseUrl ? await firstOwner(settings, database) : demoPeople();
    log("Seeding the demo project …");
    await seedDemo(database, secrets.authSecret, people);
    const demo: Demo = { ...people, project: DEMO_PROJECT, keys: await createDemoKeys(database) };
    writeDemo(settings.dataFolder, demo);
    return demo;
  } finally {
    await database.$disconnect();
  }
}

function demoPeople() {
  return {
    owner: { email: "owner@example.com", password: easyPassword() },
    viewer: { email: "viewer@example.com", password: easyPassword() },
  };
}

/** A database of one's own gets no people of the demo: its first person is named, and nobody is added or changed later. */
async function firstOwner({ ownerEmail: email }: LaunchSettings, database: Database) {
  if (await hasPeople(database)) return {};
  if (!email) {
    throw new Refusal(
      "Nobody can sign in to this database yet: say who owns it, for example OWNER_EMAIL=you@example.com npm start. A password is made and shown then.",
    );
  }
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw new Refusal(`OWNER_EMAIL is "${email}", which is no address of e-mail.`);
  return { owner: { email, password: easyPassword(), name: email.split("@")[0] ?? email } };
}

/** Replays the published experiments through the running edge, unless that is done; safe to be cut off and done again. */
export async function replayDemo(
  settings: LaunchSettings,
  databaseUrl: string,
  demo: Demo,
  log: (line: string) => void,
) {
  const database = openDatabase(databaseUrl);
  const serverKey = demo.keys.production?.server ?? "";
  const edgeUrl = innerUrl(settings.host, settings.ports.edge);
  try {
    for (const story of stories) {
      const start = await pendingSince(database, story);
      if (!start) continue;
      log(`Replaying ${story.title}, one by one …`);
      const acknowledged = await replay(story, { edgeUrl, serverKey, start });
      await endStory(database, story);
      log(`The edge acknowledged ${acknowledged.toLocaleString("en")} events.`);
    }
  } finally {
    await database.$disconnect();
  }
}
