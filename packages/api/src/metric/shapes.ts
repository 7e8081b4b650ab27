import { metricKindSchema } from "@telltale/analysis";
import { z } from "zod";

export const kind = metricKindSchema;
export const status = z.enum(["draft", "running", "ended"]);
