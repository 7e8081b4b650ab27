import { Transform, type TransformCallback } from "node:stream";
import { StringDecoder } from "node:string_decoder";

/** Characters that a line of a log may have. */
export const LINE_MAX = 16_384;

/** Escape codes and the like: a text of a stranger must neither move the reader's cursor nor begin a line. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029]/g;

/** Passes text on by whole lines, each bounded and without control characters. Memory is bounded by one line. */
export class BoundedLines extends Transform {
  readonly #decoder = new StringDecoder("utf8");
  #line = "";
  #cut = 0;

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const pieces = this.#decoder.write(chunk).split("\n");
    for (const [index, piece] of pieces.entries()) {
      if (index > 0) this.#end();
      this.#add(piece);
    }
    done();
  }

  override _flush(done: TransformCallback): void {
    if (this.#line !== "") this.#end();
    done();
  }

  #add(piece: string): void {
    const room = LINE_MAX - this.#line.length;
    this.#line += piece.slice(0, room);
    this.#cut += Math.max(0, piece.length - room);
  }

  #end(): void {
    const clean = this.#line.replace(/\r$/, "").replace(CONTROL, escapeCode);
    this.push(this.#cut > 0 ? `${clean} … (${this.#cut} characters more)\n` : `${clean}\n`);
    this.#line = "";
    this.#cut = 0;
  }
}

function escapeCode(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
