import type { Disk } from "./disk.ts";
import { realDisk } from "./disk.ts";

/** For tests: the real disk, with faults in between. */
export function faultyDisk() {
  const state = {
    /** Bytes that may still be written before ENOSPC; a write that passes them is torn there. */
    room: Number.POSITIVE_INFINITY,
    syncFails: false,
    syncs: 0,
    writes: 0,
    /** Held until released. */
    hold: undefined as Promise<void> | undefined,
  };
  const disk: Disk = {
    ...realDisk,
    async create(folder, path) {
      const file = await realDisk.create(folder, path);
      return {
        async write(bytes) {
          await state.hold;
          state.writes++;
          const all = Buffer.concat(bytes);
          const taken = Math.min(all.byteLength, state.room);
          state.room -= taken;
          await file.write([all.subarray(0, taken)]);
          if (taken < all.byteLength) throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
        },
        async sync() {
          state.syncs++;
          if (state.syncFails) throw Object.assign(new Error("input/output error"), { code: "EIO" });
          await file.sync();
        },
        close: () => file.close(),
      };
    },
  };
  return { disk, state };
}
