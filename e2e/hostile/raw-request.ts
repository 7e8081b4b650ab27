import { connect } from "node:net";

/** The first answer to a request that was written by hand. */
export interface RawAnswer {
  /** 0 where the connection was ended without one. */
  status: number;
  text: string;
}

/** Writes the lines and an empty one, no body, and reads until the answer's headers and a piece of its body are there. */
export function rawRequest(port: number, lines: readonly string[]): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    let text = "";
    const end = () => {
      socket.destroy();
      const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0);
      if (status === 0) reject(new Error(`it was cut after ${text.length} bytes`));
      else resolve({ status, text: text.slice(text.indexOf("\r\n\r\n") + 4) });
    };
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => {
      text += chunk;
      if (text.includes("\r\n\r\n")) end();
    });
    socket.on("close", end).on("error", end);
    const body = lines.some((line) => /^content-length:/i.test(line)) ? [] : ["content-length: 0"];
    socket.write(`${[...lines, ...body, "connection: close"].join("\r\n")}\r\n\r\n`, "latin1");
  });
}
