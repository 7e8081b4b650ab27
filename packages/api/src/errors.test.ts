import { TRPCError } from "@trpc/server";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { toPublic } from "./errors.ts";

const schema = z.object({ ids: z.array(z.string().max(3, "Too long.")), name: z.string("No name.") });
const refused = (input: unknown) =>
  toPublic(
    new TRPCError({ code: "BAD_REQUEST", cause: schema.safeParse(input).error ?? new Error("it is fine") }),
    input,
  );

describe("a refused input", () => {
  it("says which parts, as data, and why", () => {
    expect(refused({ ids: ["abc", "abcd"] })).toMatchObject({
      code: "INVALID",
      input: {
        total: 2,
        parts: [
          { path: ["ids", 1], value: "abcd", reason: "Too long." },
          { path: ["name"], reason: "No name." },
        ],
      },
    });
  });

  it("tells no more of a text than its begin", () => {
    const { input } = refused({ ids: ["x".repeat(100_000)], name: "n" });
    expect(input?.parts[0]?.value).toBe(`${"x".repeat(80)}…`);
  });

  it("has a sentence of the first ones that says how many more there are, and bounded data", () => {
    const { message, input } = refused({ ids: Array.from({ length: 3_000 }, () => "abcd"), name: "n" });
    expect(message).toMatch(/^ids\.0: Too long\..* And 2995 more\.$/);
    expect(input).toMatchObject({ total: 3_000 });
    expect(input?.parts).toHaveLength(2_000);
  });
});
