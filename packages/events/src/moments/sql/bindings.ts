/** Values of a statement, bound by name: nothing of a question ever becomes part of the statement's text. */
export class Bindings {
  readonly values: Record<string, unknown> = {};
  readonly #names = new Map<string, string>();

  /** The place of a value in the statement, like `{p3:String}`; equal values share one. */
  bind(type: string, value: string | number | Date | readonly (string | number)[]): string {
    const key = JSON.stringify([type, value]);
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const name = `p${this.#names.size}`;
    const place = `{${name}:${type}}`;
    this.#names.set(key, place);
    this.values[name] = value;
    return place;
  }
}
