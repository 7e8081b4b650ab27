import "server-only";
import { headers } from "next/headers";
import { cache } from "react";
import { backend } from "./backend.ts";

/** Who asks for this page; null when nobody is signed in. Asked once a request. */
export const readSession = cache(async () => {
  const asked = await headers();
  return backend().session(asked);
});
