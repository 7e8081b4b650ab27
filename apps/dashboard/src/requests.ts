import "server-only";
import { BASE_PATH } from "./base-path.ts";

/** A request as the backend expects it: without the path that the dashboard is served under. */
export function withoutBasePath(request: Request): Request {
  if (BASE_PATH === "") return request;
  const url = new URL(request.url);
  if (url.pathname !== BASE_PATH && !url.pathname.startsWith(`${BASE_PATH}/`)) return request;
  url.pathname = url.pathname.slice(BASE_PATH.length) || "/";
  return new Request(url, request);
}
