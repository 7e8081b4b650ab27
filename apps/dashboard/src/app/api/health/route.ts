import { backend } from "../../../backend.ts";

/** `{ down: [...] }`: the parts of the product that are away now. 401 for who is not signed in. */
export async function GET(request: Request): Promise<Response> {
  const down = await backend().down(request.headers);
  return down ? Response.json({ down }) : Response.json({ down: [] }, { status: 401 });
}
