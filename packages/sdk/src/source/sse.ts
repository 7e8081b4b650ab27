/**
 * A parser of `text/event-stream` with lines that end in \n or \r\n: feed it decoded text in any pieces, it calls back
 * for each complete event, and for "retry" with the milliseconds it asks for. Ids are not kept: the ruleset carries its version.
 */
export function createSseParser(onEvent: (event: string, data: string) => void): (text: string) => void {
  let rest = "";
  let event = "";
  let data: string[] = [];
  return (text) => {
    // Only the new piece is searched: a document of megabytes comes as one line in many pieces.
    const lines = text.split("\n");
    lines[0] = rest + lines[0];
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const [, field, value = ""] = /^(\w+)(?:: ?([^\r]*)|\r?$)/.exec(line) ?? [];
      if (field === "event") event = value;
      if (field === "data") data.push(value);
      if (field === "retry") onEvent(field, value);
      if (line && line !== "\r") continue;
      if (data[0] !== undefined) onEvent(event || "message", data.join("\n"));
      event = "";
      data = [];
    }
  };
}

/** Reads a response to its end, and calls back for every piece and every event of it. Rejects with what they throw. */
export async function readEvents(
  { body }: Response,
  onPiece: () => void,
  onEvent: (event: string, data: string) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  const parse = createSseParser(onEvent);
  const reader = body?.getReader();
  for (;;) {
    const piece = await reader?.read();
    if (!piece?.value) return;
    onPiece();
    parse(decoder.decode(piece.value, { stream: true }));
  }
}
