"use client";

import { Menu, type MenuItem, notifyError } from "@telltale/ui";
import { ChevronsUpDown, Keyboard, LogOut, Monitor, Moon, Sun } from "lucide-react";
import { useState } from "react";
import type { Me } from "../query/outputs.ts";
import { applyTheme, THEMES, type Theme } from "./theme.ts";

const THEME_ICONS = { system: Monitor, light: Sun, dark: Moon };
const THEME_NAMES = { system: "Like the system", light: "Light", dark: "Dark" };

interface AccountMenuProps {
  me: Me;
  /** On the whole organisation; null where the person has one in parts of it only. */
  role: string | null;
  theme: Theme;
  onHelp: () => void;
}

/** Who is signed in; theme, keys, sign out. */
export function AccountMenu({ me, role, theme: first, onHelp }: AccountMenuProps) {
  const [theme, setTheme] = useState(first);
  const choose = (next: Theme) => {
    setTheme(next);
    applyTheme(next);
  };
  const themes: MenuItem[] = THEMES.map((each) => {
    const Icon = THEME_ICONS[each];
    return {
      label: THEME_NAMES[each],
      icon: <Icon aria-hidden className="size-4" />,
      checked: each === theme,
      onSelect: () => choose(each),
    };
  });
  // Loaded when asked for: pages need nothing of it.
  const leave = () =>
    import("./auth-client.ts")
      .then(({ signOut }) => signOut())
      .catch(() => notifyError("You could not be signed out.", "Check the connection."));
  return (
    <Menu
      items={[
        ...themes,
        "line",
        { label: "Keyboard shortcuts", icon: <Keyboard aria-hidden className="size-4" />, onSelect: onHelp },
        { label: "Sign out", icon: <LogOut aria-hidden className="size-4" />, onSelect: () => void leave() },
      ]}
      trigger={
        <button type="button" className="flex w-full items-center gap-2 rounded-md p-2 text-left hover:bg-hover">
          <span
            aria-hidden
            className="flex size-7 shrink-0 items-center justify-center rounded-full bg-accent-soft font-semibold text-accent text-sm"
          >
            {me.user.name.slice(0, 1).toUpperCase()}
          </span>
          <span className="sr-only">Account:</span>
          <span className="min-w-0 grow max-lg:sr-only">
            <span className="block truncate font-medium text-sm">{me.user.name}</span>
            <span className="block text-ink-2 text-xs">{role ?? "Member"}</span>
          </span>
          <ChevronsUpDown aria-hidden className="hidden size-4 shrink-0 text-muted lg:block" />
        </button>
      }
    />
  );
}
