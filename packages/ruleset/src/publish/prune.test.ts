import fc from "fast-check";
import { expect, it } from "vitest";
import { unneeded } from "./prune.ts";

it("never removes what a needed version is rebuilt from, and leaves nothing that none is", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 1 }),
      fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 1 }),
      (some, versions) => {
        const wholes = [...some].sort((a, b) => a - b);
        const wanted = versions.filter((version) => version >= (wholes[0] ?? 0));
        fc.pre(wanted.length > 0);
        const gone = new Set(
          unneeded(wholes, wanted).flatMap(([a, b]) => Array.from({ length: b - a + 1 }, (_, i) => a + i)),
        );
        const baseOf = (version: number) => Math.max(...wholes.filter((whole) => whole <= version));
        const needed = new Set(
          wanted.flatMap((version) =>
            Array.from({ length: Math.max(0, version - baseOf(version) + 1) }, (_, i) => version - i),
          ),
        );
        const newest = Math.max(...wanted);
        for (let version = wholes[0] ?? 1; version < baseOf(newest); version++)
          expect(gone.has(version)).toBe(!needed.has(version));
        for (const version of gone) expect(version).toBeLessThan(newest);
      },
    ),
  );
});
