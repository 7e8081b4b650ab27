import "./globals.css";
import { Toaster } from "@telltale/ui";
import type { Metadata, Viewport } from "next";
import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { QueryProvider } from "../query/provider.tsx";
import { readTheme, THEME_COOKIE } from "../shell/theme.ts";

export const metadata: Metadata = {
  title: { default: "Telltale", template: "%s · Telltale" },
  description: "Feature flags that tell you what worked.",
  robots: { index: false },
};

export const viewport: Viewport = { colorScheme: "light dark" };

export default async function RootLayout({ children }: { children: ReactNode }) {
  const theme = readTheme((await cookies()).get(THEME_COOKIE)?.value);
  return (
    <html lang="en" data-theme={theme === "system" ? undefined : theme}>
      <body>
        <QueryProvider>{children}</QueryProvider>
        <Toaster />
      </body>
    </html>
  );
}
