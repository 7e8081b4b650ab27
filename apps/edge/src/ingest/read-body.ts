/** The request's body, or `too-large`; never holds more than `limit` bytes of it. */
export async function readBody(request: Request, limit: number): Promise<Uint8Array | "too-large"> {
  const declared = request.headers.get("content-length");
  if (declared !== null && /^\d+$/.test(declared)) {
    if (Number(declared) > limit) return "too-large";
    return new Uint8Array(await request.arrayBuffer());
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  if (request.body) {
    for await (const chunk of request.body) {
      bytes += chunk.byteLength;
      if (bytes > limit) return "too-large";
      chunks.push(chunk);
    }
  }
  return Buffer.concat(chunks);
}
