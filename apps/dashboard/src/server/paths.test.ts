import { expect, it } from "vitest";
import { splitPath } from "./paths.ts";

it.each([
  ["/demo/harbour/flags?env=a", "", "/demo/harbour/flags", "/demo/harbour/flags?env=a"],
  ["/", "", "/", "/"],
  ["http://elsewhere.example/a?b", "", "/a", "/a?b"],
  ["http://elsewhere.example", "", "/", "/"],
  ["*", "", "/*", "/*"],
  ["/telltale/api/auth/ok", "/telltale", "/api/auth/ok", "/telltale/api/auth/ok"],
  ["/telltale", "/telltale", "/", "/telltale"],
  ["/telltale?a", "/telltale", "/", "/telltale?a"],
  ["/api/auth/ok", "/telltale", "/api/auth/ok", "/telltale/api/auth/ok"],
  ["/", "/telltale", "/", "/telltale"],
  ["/?a", "/telltale", "/", "/telltale?a"],
  ["/telltales/flags", "/telltale", "/telltales/flags", "/telltale/telltales/flags"],
])("%s under %j", (target, base, path, url) => expect(splitPath(target, base)).toEqual({ path, url }));
