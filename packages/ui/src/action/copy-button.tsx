"use client";

import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { Button, type ButtonProps } from "./button.tsx";

const SHOWN_MS = 1600;

/** Copies `text` and says so on itself. `label` names it for everybody: "Copy key". */
export function CopyButton({
  text,
  label,
  size = "icon",
}: {
  text: string;
  label: string;
  size?: ButtonProps["size"];
}) {
  const [state, setState] = useState<"idle" | "copied" | "failed">("idle");
  useEffect(() => {
    if (state === "idle") return;
    const timer = setTimeout(() => setState("idle"), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setState("copied");
    } catch {
      // No permission, or no clipboard at all: it exists only on https and localhost.
      setState("failed");
    }
  };
  const Icon = state === "copied" ? Check : Copy;
  const said = state === "copied" ? "Copied" : state === "failed" ? "Select it and copy by hand" : "";
  return (
    <Button
      look={size === "icon" ? "ghost" : "soft"}
      size={size}
      onClick={() => void copy()}
      aria-label={label}
      title={label}
    >
      <Icon aria-hidden className="size-4" />
      {size === "icon" ? null : <span>{said || "Copy"}</span>}
      <span role="status" className="sr-only">
        {said}
      </span>
    </Button>
  );
}
