/** The request's body as text, or `too-large`; never holds more than `limit` bytes of it. */
export async function readBody(
  request: Request,
  limit: number,
): Promise<{ text: string; bytes: number } | "too-large"> {
  const declared = request.headers.get("content-length");
  if (declared !== null && /^\d+$/.test(declared)) {
    if (Number(declared) > limit) return "too-large";
    const text = await request.text();
    return { text, bytes: Number(declared) };
  }
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  if (request.body) {
    for await (const chunk of request.body) {
      bytes += chunk.byteLength;
      if (bytes > limit) return "too-large";
      text += decoder.decode(chunk, { stream: true });
    }
  }
  return { text: text + decoder.decode(), bytes };
}
