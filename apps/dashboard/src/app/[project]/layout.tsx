import { cookies, headers } from "next/headers";
import { notFound, redirect } from "next/navigation";
import type { ReactNode } from "react";
import { PATH_HEADER } from "../../proxy.ts";
import { readSession } from "../../session.ts";
import { PlaceProvider } from "../../shell/project.tsx";
import { Shell } from "../../shell/shell.tsx";
import { readTheme, THEME_COOKIE } from "../../shell/theme.ts";

interface ProjectLayoutProps {
  params: Promise<{ project: string }>;
  children: ReactNode;
}

/** The guard: nobody gets in without a session, or into a project that is not theirs. */
export default async function ProjectLayout({ params, children }: ProjectLayoutProps) {
  const me = await readSession();
  if (!me) redirect(`/sign-in?next=${encodeURIComponent((await headers()).get(PATH_HEADER) ?? "/")}`);
  const { project: key } = await params;
  const project = me.projects.find((candidate) => candidate.key === key);
  if (!project) notFound();
  const theme = readTheme((await cookies()).get(THEME_COOKIE)?.value);
  return (
    <PlaceProvider me={me} project={project}>
      <Shell theme={theme}>{children}</Shell>
    </PlaceProvider>
  );
}
