import { TelltaleProvider } from "@telltale/react";
import { createClient } from "@telltale/sdk";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { loadConfig } from "./config.ts";
import { Shop } from "./shop.tsx";
import "./styles.css";
import { visitorOf } from "./visitor.ts";

/** The browser's storage, where it may be used: private modes refuse it by throwing. */
function storage(): Storage | undefined {
  try {
    return window.localStorage;
  } catch {
    return undefined;
  }
}

async function main(): Promise<void> {
  const element = document.getElementById("shop");
  if (!element) return;
  const root = createRoot(element);
  const config = await loadConfig();
  if (!config) {
    root.render(
      <main className="shop">
        <h1>Harbour Supplies</h1>
        <p role="alert">The shop's server did not say where its flags are. Start it again, then reload this page.</p>
      </main>,
    );
    return;
  }
  const visitor = visitorOf({ search: window.location.search, language: navigator.language, storage: storage() });
  const client = createClient({ key: config.clientKey, url: config.edgeUrl });
  root.render(
    <StrictMode>
      <TelltaleProvider client={client} context={visitor}>
        <Shop client={client} visitor={visitor} dashboardUrl={config.dashboardUrl} />
      </TelltaleProvider>
    </StrictMode>,
  );
}

void main();
