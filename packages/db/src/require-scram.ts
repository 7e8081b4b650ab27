import type pg from "pg";

// An entry of its own, which knows no ORM: what reads rulesets connects with it, too.

/** What a connection string says when the server must prove that it knows the password; as in PostgreSQL's own clients. */
const REQUIREMENT = "scram-sha-256";

export function requiresScram(url: string): boolean {
  return URL.canParse(url) && new URL(url).searchParams.get("require_auth") === REQUIREMENT;
}

/**
 * Makes a client that has not connected yet end the connection to a server that asks for the password itself, or for
 * none: one that took the port of ours must learn neither the password nor what we would ask.
 */
export function requireScram(client: pg.Client): void {
  const { connection } = client;
  let isProven = false;
  const refuse = () => {
    connection.stream.destroy(
      new Error("The server at this address does not prove that it knows the password: it is another one than ours."),
    );
  };
  connection.on("authenticationCleartextPassword", refuse);
  connection.on("authenticationMD5Password", refuse);
  connection.on("authenticationSASLFinal", () => {
    isProven = true;
  });
  connection.on("authenticationOk", () => {
    if (!isProven) refuse();
  });
}
