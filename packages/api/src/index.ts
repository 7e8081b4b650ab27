import type { inferRouterInputs, inferRouterOutputs } from "@trpc/server";
import type { AppRouter } from "./router.ts";

export type { NewerRevision } from "@telltale/control";
export type { ApiErrorCode, PublicError } from "./errors.ts";
export type { AppRouter } from "./router.ts";
export { transformer } from "./transformer.ts";

export type RouterInputs = inferRouterInputs<AppRouter>;
export type RouterOutputs = inferRouterOutputs<AppRouter>;
