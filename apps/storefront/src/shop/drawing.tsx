import type { DrawingName as Name } from "./products.ts";

/** Line drawings on a 64 by 64 grid. */
const PATHS: Record<Name, string> = {
  jacket: "M25 9c2 4 12 4 14 0l11 6 6 25-8 3-3-12v24H19V31l-3 12-8-3 6-25zM32 13v42M23 40h6M35 40h6M25 9c1-4 13-4 14 0",
  rope: "M14 32a18 12 0 1 0 36 0a18 12 0 1 0-36 0M22 32a10 6 0 1 0 20 0a10 6 0 1 0-20 0M14 32v8a18 12 0 0 0 36 0v-8M50 40c2 8 6 10 8 14",
  compass: "M12 32a20 20 0 1 0 40 0a20 20 0 1 0-40 0M32 18l5 14-5 14-5-14zM27 32h10M32 8v4M32 52v4M8 32h4M52 32h4",
  lantern: "M24 20h16l3 28H21zM20 48h24v6H20zM26 20c0-8 12-8 12 0M32 8v6M32 28c5 5 4 12 0 12s-5-7 0-12",
  mug: "M14 20h28v26c0 5-4 8-8 8H22c-4 0-8-3-8-8zM42 26h6c6 0 6 16 0 16h-6M22 14c0-3 3-3 3-6M31 14c0-3 3-3 3-6",
  flag: "M16 8v48M16 12c8-5 14 5 22 0s10-2 10-2v18s-4-2-10 2-14-5-22 0M16 20c8-5 14 5 22 0s10-2 10-2",
  knife: "M10 44l26-26c4-4 12-6 18-6-1 6-3 12-7 16L20 54zM36 18l10 10M16 50l-4 4M20 40l4 4",
};

export function Drawing({ name, large = false }: { name: Name; large?: boolean }) {
  return (
    <svg className={large ? "drawing large" : "drawing"} viewBox="0 0 64 64" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
