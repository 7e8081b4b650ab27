// @vitest-environment jsdom
import { OpenFeature as Server } from "@openfeature/server-sdk";
import { ProviderEvents, ProviderStatus, OpenFeature as Web } from "@openfeature/web-sdk";
import { createClient } from "@telltale/sdk";
import { rulesetOf } from "@telltale/testing/ruleset";
import { afterEach, describe, expect, it } from "vitest";
import { fakeEdge, flags } from "./fakes.ts";
import { TelltaleServerProvider } from "./server.ts";
import { TelltaleWebProvider } from "./web.ts";

const bootstrap = rulesetOf(4, flags);
let edge: ReturnType<typeof fakeEdge>;

afterEach(async () => {
  const closed = Promise.all([Server.close(), Web.close()]);
  await edge.advance(5_000);
  await closed;
});

const sides = [
  ["server", Server, TelltaleServerProvider],
  ["web", Web, TelltaleWebProvider],
] as const;
const ways = sides.flatMap((side) => [[...side, "stream"] as const, [...side, "polling"] as const]);

function begin(how: string) {
  edge = fakeEdge();
  return createClient({ ...edge.options, bootstrap, stream: how === "stream", events: false });
}

describe.each(ways)("the provider's state is the client's (%s)", (_name, api, Provider, how) => {
  /** Both have the same names for what they tell. */
  const OpenFeature = api as typeof Web;
  const make = (client: ReturnType<typeof begin>) => new Provider(client) as TelltaleWebProvider;

  it(`ready again after an outage that brought no new ruleset (${how})`, async () => {
    await OpenFeature.setProviderAndWait(make(begin(how)));
    const asked = OpenFeature.getClient();
    const told: string[] = [];
    for (const event of [ProviderEvents.Stale, ProviderEvents.Ready, ProviderEvents.ConfigurationChanged] as const) {
      asked.addHandler(event, () => void told.push(event));
    }
    await edge.advance(1_000);
    told.length = 0;
    edge.goDown();
    await edge.advance(200_000);
    expect([asked.providerStatus, told]).toEqual([ProviderStatus.STALE, [ProviderEvents.Stale]]);
    edge.comeBack();
    await edge.advance(200_000);
    expect([asked.providerStatus, told]).toEqual([ProviderStatus.READY, [ProviderEvents.Stale, ProviderEvents.Ready]]);
  });

  it(`stale from the start where the client is (${how})`, async () => {
    const client = begin(how);
    edge.goDown();
    await edge.advance(200_000);
    expect(client.status().state).toBe("stale");
    await OpenFeature.setProviderAndWait(make(client));
    const asked = OpenFeature.getClient();
    expect(asked.providerStatus).toBe(ProviderStatus.STALE);
    edge.comeBack();
    await edge.advance(200_000);
    expect(asked.providerStatus).toBe(ProviderStatus.READY);
  });

  it(`stale by the clock, though no attempt failed, and goes on deciding (${how})`, async () => {
    const client = begin(how);
    edge.fallSilent();
    await OpenFeature.setProviderAndWait(make(client));
    const asked = OpenFeature.getClient();
    const stale = new Promise((resolve) => asked.addHandler(ProviderEvents.Stale, resolve));
    await edge.advance(60_000 + 30_000);
    expect(await stale).toMatchObject({ message: expect.stringContaining("not heard") });
    expect(asked.providerStatus).toBe(ProviderStatus.STALE);
    expect(await asked.getStringValue("colour", "")).toBe("#007");
  });
});
