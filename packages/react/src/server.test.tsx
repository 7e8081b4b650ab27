import { rulesetOf } from "@telltale/testing/ruleset";
import { renderToString } from "react-dom/server";
import { expect, it, vi } from "vitest";
import { experiment, flag } from "./fakes.tsx";
import { TelltaleProvider, useFlag, useStatus } from "./index.ts";

function Page() {
  return <p>{`${useFlag("f", false)} ${useFlag("x", false)} ${useStatus().version}`}</p>;
}

it("renders by the bootstrap alone: a server's rendering opens no connection and exposes nobody", async () => {
  const asked = vi.fn(async () => new Response("", { status: 500 }));
  const bootstrap = rulesetOf(7, { f: flag("on"), x: experiment });
  const html = renderToString(
    <TelltaleProvider
      options={{ key: "k", url: "https://edge.test", bootstrap, fetch: asked }}
      context={{ targetingKey: "u-1" }}
    >
      <Page />
    </TelltaleProvider>,
  );
  expect(html).toMatch(/^<p>true (true|false) 7<\/p>$/);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(asked).not.toHaveBeenCalled();
});
