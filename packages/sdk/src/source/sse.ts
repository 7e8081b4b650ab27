export interface ServerSentEvent {
  event: string;
  data: string;
}

/**
 * A parser of `text/event-stream`: feed it decoded text in any pieces, it calls back for each complete event.
 * Ids are not kept: the ruleset carries its version.
 */
export function createSseParser(onEvent: (event: ServerSentEvent) => void): (text: string) => void {
  let rest = "";
  let afterReturn = false;
  let event = "";
  let data: string[] = [];

  function read(line: string): void {
    if (line === "") {
      if (data.length > 0) onEvent({ event: event || "message", data: data.join("\n") });
      event = "";
      data = [];
      return;
    }
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1);
    if (field === "event") event = value;
    else if (field === "data") data.push(value);
  }

  return (text) => {
    if (text === "") return;
    // A line may end in \r\n, and the piece between the two.
    const piece = afterReturn && text[0] === "\n" ? text.slice(1) : text;
    afterReturn = text.endsWith("\r");
    // Only the new piece is searched: a document of megabytes comes as one line in many pieces.
    const lines = piece.split(/\r\n|\n|\r/);
    lines[0] = rest + lines[0];
    rest = lines.pop() ?? "";
    for (const line of lines) read(line);
  };
}
