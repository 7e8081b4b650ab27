"use client";

import { Checkbox, Dialog } from "@telltale/ui";
import { SECTIONS } from "../place/paths.ts";
import { useShortcutsOn } from "./shortcuts.ts";

const KEYS = [
  { keys: "/", does: "Search this list" },
  ...SECTIONS.map((section) => ({
    keys: `g ${section.key}`,
    does: `Go to ${section.name.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase())}`,
  })),
  { keys: "Ctrl+Z", does: "Take back what you just changed (⌘Z on a Mac)" },
  { keys: "?", does: "This list" },
];

/** All keys, and the switch for them. */
export function ShortcutHelp({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const [on, setOn] = useShortcutsOn();
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Keyboard shortcuts">
      <dl className="divide-y divide-line">
        {KEYS.map(({ keys, does }) => (
          <div key={keys} className="flex items-center justify-between py-1.5">
            <dt>{does}</dt>
            <dd className="flex gap-1">
              {keys.split(" ").map((key) => (
                <kbd key={key} className="rounded-sm border border-line bg-surface px-1.5 font-mono text-sm">
                  {key}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
      <div className="mt-4">
        <Checkbox label="Single-letter shortcuts" hint="They never act while you type." checked={on} onChange={setOn} />
      </div>
    </Dialog>
  );
}
