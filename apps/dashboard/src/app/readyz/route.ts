import { backend } from "../../backend.ts";

/** Whether this process can do its work now: 503 while one of the databases does not answer. */
export async function GET(): Promise<Response> {
  const isReady = await backend().ready();
  return Response.json({ ready: isReady }, { status: isReady ? 200 : 503, headers: { "cache-control": "no-store" } });
}
