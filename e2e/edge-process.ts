import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { fileURLToPath } from "node:url";

const edgeFolder = fileURLToPath(new URL("../apps/edge", import.meta.url));

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Resolves when the edge listens. @throws with what it said when it ended instead */
export async function startEdge(settings: Record<string, string>): Promise<ChildProcess> {
  const env = { PATH: "", ...settings };
  const child = spawn(process.execPath, ["--import", "tsx", "src/main.ts"], { cwd: edgeFolder, env });
  await new Promise<void>((resolve, reject) => {
    let said = "";
    child.stdout.on("data", (chunk) => {
      said += chunk;
      if (said.includes("edge is listening")) resolve();
    });
    child.stderr.on("data", (chunk) => {
      said += chunk;
    });
    child.once("exit", (code) => reject(new Error(`the edge ended with ${code}: ${said}`)));
  });
  return child;
}

/** Asks it to stop. @returns its exit code */
export async function stopEdge(child: ChildProcess): Promise<number | null> {
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  const [code] = await gone;
  return code as number | null;
}
