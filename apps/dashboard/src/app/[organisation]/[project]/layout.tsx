import { cookies } from "next/headers";
import type { ReactNode } from "react";
import type { PlaceParams } from "../../../place/find.ts";
import { openPlace } from "../../../place/open-place.ts";
import { PlaceProvider } from "../../../place/place.tsx";
import { Shell } from "../../../shell/shell.tsx";
import { readTheme, THEME_COOKIE } from "../../../shell/theme.ts";

interface ProjectLayoutProps {
  params: Promise<PlaceParams>;
  children: ReactNode;
}

/** The guard: nobody gets in without a session, or into a project that is not theirs. */
export default async function ProjectLayout({ params, children }: ProjectLayoutProps) {
  const place = await openPlace(params);
  const theme = readTheme((await cookies()).get(THEME_COOKIE)?.value);
  return (
    <PlaceProvider {...place}>
      <Shell theme={theme}>{children}</Shell>
    </PlaceProvider>
  );
}
