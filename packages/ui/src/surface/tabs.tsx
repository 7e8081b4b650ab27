"use client";

import { Tabs as Primitive } from "radix-ui";
import type { ReactNode } from "react";
import { cx } from "../class-names.ts";

export interface Tab {
  value: string;
  label: ReactNode;
  content: ReactNode;
}

export interface TabsProps {
  /** What the tabs choose between: "Environment". */
  label: string;
  value: string;
  onChange: (value: string) => void;
  tabs: readonly Tab[];
  /** `line` for views of a thing, `card` for its places. */
  look?: "line" | "card";
}

const LOOKS = {
  line: "h-9 border-b-2 border-transparent px-3 data-[state=active]:border-accent",
  card: "h-10 rounded-md border border-line px-3 data-[state=active]:border-ink data-[state=active]:bg-raised data-[state=active]:shadow-low",
};

/** Tabs with arrow keys; only the chosen one's content is in the page. */
export function Tabs({ label, value, onChange, tabs, look = "line" }: TabsProps) {
  return (
    <Primitive.Root value={value} onValueChange={onChange}>
      <Primitive.List
        aria-label={label}
        className={cx("flex flex-wrap", look === "line" ? "gap-1 border-line border-b" : "gap-2")}
      >
        {tabs.map((tab) => (
          <Primitive.Trigger
            key={tab.value}
            value={tab.value}
            className={cx(
              "-mb-px flex items-center gap-2 text-ink-2 hover:text-ink data-[state=active]:font-semibold data-[state=active]:text-ink",
              LOOKS[look],
            )}
          >
            {tab.label}
          </Primitive.Trigger>
        ))}
      </Primitive.List>
      {tabs.map((tab) => (
        <Primitive.Content key={tab.value} value={tab.value} className="mt-4 focus-visible:outline-offset-4">
          {tab.content}
        </Primitive.Content>
      ))}
    </Primitive.Root>
  );
}
