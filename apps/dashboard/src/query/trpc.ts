"use client";

import type { AppRouter } from "@telltale/api";
import { createTRPCContext } from "@trpc/tanstack-react-query";

/** `useTRPC()` gives typed query and mutation options for every procedure, `useTRPCClient()` calls one. */
export const { TRPCProvider, useTRPC, useTRPCClient } = createTRPCContext<AppRouter>();
