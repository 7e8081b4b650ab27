import { execFile } from "node:child_process";
import fs from "node:fs";

const EVERY_MS = 500;
/** What npm starts commands with, where that does not make way for the command itself. */
const SHELL = /^-?(sh|bash|dash|zsh|ash|busybox)$/;

/**
 * Calls `onGone` once when the process that started this one ends; where that is only npm's shell, also when npm does.
 * @param {() => void} onGone
 * @returns {NodeJS.Timeout}
 */
export function watchAncestors(onGone) {
  const first = readAncestors();
  let isAsking = false;
  const timer = setInterval(async () => {
    if (isAsking) return;
    isAsking = true;
    const known = await first;
    const now = await readAncestors();
    isAsking = false;
    if (known.length === now.length && known.every((pid, index) => pid === now[index])) return;
    clearInterval(timer);
    onGone();
  }, EVERY_MS);
  timer.unref();
  return timer;
}

/** The parent, and its parent where the first is a shell. */
async function readAncestors() {
  const parent = process.ppid;
  const { grandparent, name } = await look(parent);
  return SHELL.test(name) ? [parent, grandparent] : [parent];
}

/** @param {number} pid */
async function look(pid) {
  try {
    const text = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
    const end = text.lastIndexOf(")");
    return { name: text.slice(text.indexOf("(") + 1, end), grandparent: Number(text.slice(end + 2).split(" ")[1]) };
  } catch {
    if (fs.existsSync("/proc/self/stat")) return { name: "", grandparent: 0 };
  }
  const output = await new Promise((resolve) =>
    execFile("ps", ["-o", "ppid=,comm=", "-p", String(pid)], (error, text) => resolve(error ? "" : text.trim())),
  );
  const [grandparent = "0", name = ""] = output.split(/\s+/, 2);
  return { name: name.split("/").at(-1) ?? "", grandparent: Number(grandparent) };
}
