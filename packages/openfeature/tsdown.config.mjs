import { defineConfig } from "tsdown";
import { publishable } from "../../scripts/pack/publishable.mjs";

export default defineConfig(publishable({ entries: ["server", "web"] }));
