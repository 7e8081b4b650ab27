"use client";

import { Check } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import type { ReactNode } from "react";
import { overlayHome } from "./overlay-home.ts";

export interface MenuItem {
  label: string;
  icon?: ReactNode;
  onSelect: () => void;
  /** Given: a choice out of several, marked when true. */
  checked?: boolean;
}

/** A button's list of acts; `items` may hold `"line"` between groups. */
export function Menu({ trigger, items }: { trigger: ReactNode; items: (MenuItem | "line")[] }) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal container={overlayHome()}>
        <DropdownMenu.Content
          sideOffset={4}
          collisionPadding={8}
          className="z-40 min-w-44 rounded-lg border border-line bg-raised p-1 text-ink shadow-high"
        >
          {items.map((item, at) =>
            item === "line" ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: a separator has no identity but its place
              <DropdownMenu.Separator key={at} className="my-1 h-px bg-line" />
            ) : (
              <MenuRow key={item.label} item={item} />
            ),
          )}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

const ROW =
  "flex h-8 cursor-pointer items-center gap-2 rounded-sm px-2 outline-none select-none data-highlighted:bg-hover";

function MenuRow({ item }: { item: MenuItem }) {
  if (item.checked === undefined) {
    return (
      <DropdownMenu.Item className={ROW} onSelect={item.onSelect}>
        {item.icon}
        {item.label}
      </DropdownMenu.Item>
    );
  }
  return (
    <DropdownMenu.CheckboxItem className={ROW} checked={item.checked} onSelect={item.onSelect}>
      {item.icon}
      <span className="grow">{item.label}</span>
      <DropdownMenu.ItemIndicator>
        <Check aria-hidden className="size-4" />
      </DropdownMenu.ItemIndicator>
    </DropdownMenu.CheckboxItem>
  );
}
