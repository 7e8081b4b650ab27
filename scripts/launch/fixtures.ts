import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { createServer, type Socket } from "node:net";
import path from "node:path";
import { TLSSocket } from "node:tls";

/** Makes `cert.pem` and `key.pem` of a server `db.example` that nobody signed. For tests only. */
export function makeCertificate(folder: string): void {
  const subject = ["-subj", "/CN=db.example", "-addext", "subjectAltName=DNS:db.example"];
  const [key, certificate] = [path.join(folder, "key.pem"), path.join(folder, "cert.pem")];
  const keys = ["-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate];
  execFileSync("openssl", ["req", "-x509", "-days", "2", ...keys, ...subject], { stdio: "ignore" });
}

/** What PostgreSQL does before it asks for a password, and then no more. */
export async function listenAsPostgres(folder: string, speaksTls: boolean) {
  const server = createServer((socket: Socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => {
      socket.write(speaksTls ? "S" : "N");
      if (!speaksTls) return;
      const [key, cert] = ["key.pem", "cert.pem"].map((name) => fs.readFileSync(path.join(folder, name)));
      const tls = new TLSSocket(socket, { isServer: true, key, cert });
      tls.on("error", () => undefined).on("data", () => socket.destroy());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return { port, close: () => server.close() };
}
