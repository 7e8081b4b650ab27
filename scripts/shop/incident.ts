import { runInShop } from "./run-in-shop.ts";

/** `npm run incident`: a faulty checkout, shipped by a guarded release and taken back. */
runInShop("src/incident/main.ts", ({ running, demo }) => ({
  DASHBOARD_URL: running.dashboardUrl,
  PROJECT: demo.project,
  OWNER_EMAIL: demo.owner?.email ?? "",
  OWNER_PASSWORD: demo.owner?.password ?? "",
}));
