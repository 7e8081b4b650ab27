import { metricKindSchema } from "@telltale/configuration";
import { z } from "zod";

export const kind = metricKindSchema;
export const status = z.enum(["draft", "running", "ended"]);
