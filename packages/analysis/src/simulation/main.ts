import { methodRows, reportRows } from "@telltale/stats/simulation";
import { analysisRows } from "./rows.ts";

/** `npm run simulate -- <runs> <seed> <part of a name>`: error rates and powers of everything that decides. */
const broken = reportRows([...methodRows, ...analysisRows], process.argv.slice(2));
process.exit(broken === null ? 2 : broken > 0 ? 1 : 0);
