"use client";

import { usePathname, useSearchParams } from "next/navigation";
import { useState } from "react";

/**
 * A filter that lives in the address, so that a link holds it. Typing is instant: the address follows without asking
 * the server.
 */
export function useQueryParam(name: string, fallback = ""): [string, (value: string) => void] {
  const pathname = usePathname();
  const params = useSearchParams();
  const inAddress = params.get(name) ?? fallback;
  const [typed, setTyped] = useState<string>();
  const set = (value: string) => {
    setTyped(value);
    const next = new URLSearchParams(window.location.search);
    if (value === fallback) next.delete(name);
    else next.set(name, value);
    const query = next.toString();
    window.history.replaceState(null, "", query ? `${pathname}?${query}` : pathname);
  };
  return [typed ?? inAddress, set];
}
