"use client";

import { useFocusWatch } from "@telltale/ui";
import Link from "next/link";
import { type ReactNode, useEffect, useState } from "react";
import { DownNote } from "../health/down-note.tsx";
import { rememberProject } from "../place/last-project.ts";
import { pathTo } from "../place/paths.ts";
import { usePlace } from "../place/place.tsx";
import { AccountMenu } from "./account-menu.tsx";
import { Brand } from "./brand.tsx";
import { Navigation } from "./navigation.tsx";
import { ProjectMenu } from "./project-menu.tsx";
import { ShortcutHelp } from "./shortcut-help.tsx";
import { useShortcuts } from "./shortcuts.ts";
import type { Theme } from "./theme.ts";

/** The frame around every page of a project. */
export function Shell({ theme, children }: { theme: Theme; children: ReactNode }) {
  const { me, organisation, project } = usePlace();
  const [help, setHelp] = useState(false);
  const [openHelp] = useState(() => () => setHelp(true));
  useShortcuts(project, openHelp);
  useEffect(() => rememberProject(project.address), [project.address]);
  useFocusWatch();
  return (
    <div className="min-h-dvh lg:grid lg:grid-cols-[224px_minmax(0,1fr)]">
      <a
        href="#main"
        className="fixed top-2 left-2 z-50 -translate-y-20 rounded-md bg-accent px-3 py-2 text-on-accent focus:translate-y-0"
      >
        Skip to content
      </a>
      <header className="border-line bg-surface max-lg:border-b lg:sticky lg:top-0 lg:flex lg:h-dvh lg:flex-col lg:border-r lg:p-3">
        <div className="flex items-center gap-2 max-lg:p-3 lg:flex-col lg:items-stretch lg:gap-3 lg:pb-4">
          <Link href={pathTo(project, "flags")} className="rounded-md lg:px-2.5 lg:pt-1">
            <Brand />
          </Link>
          <div className="min-w-0 max-lg:mx-auto max-lg:grow">
            <ProjectMenu />
          </div>
          <div className="lg:hidden">
            <AccountMenu me={me} role={organisation.role} theme={theme} onHelp={openHelp} />
          </div>
        </div>
        <Navigation project={project} />
        <div className="mt-auto hidden lg:block">
          <AccountMenu me={me} role={organisation.role} theme={theme} onHelp={openHelp} />
        </div>
      </header>
      <main id="main" tabIndex={-1} className="min-w-0 px-4 py-6 outline-none sm:px-6 lg:px-8">
        <div className="mx-auto max-w-[1360px]">
          <DownNote />
          {children}
        </div>
      </main>
      <ShortcutHelp open={help} onOpenChange={setHelp} />
    </div>
  );
}
