import { createDatabase } from "@telltale/testing";
import { borrowDatabases } from "@telltale/testing/borrowed";
import { type Database, ensureUser, openDatabase, openSignIn } from "../index.ts";

const publicUrl = "https://flags.example.com";
/** Of everybody who is added. */
export const password = "password of somebody";

export interface Guess {
  email?: string;
  password?: string;
  address?: string;
  headers?: Record<string, string>;
}

export type SignInWorld = Awaited<ReturnType<typeof openSignInWorld>>;

/** A database with two people, ann and bob, and the door that they sign in by. */
export async function openSignInWorld() {
  const postgres = await createDatabase(borrowDatabases().postgresUrl);
  const database: Database = openDatabase(postgres.url);
  const said: string[] = [];
  const signIn = openSignIn(database, {
    secret: "0123456789abcdefghijklmnopqrstuvwxyz",
    publicUrl,
    log: (_level, message) => said.push(message),
  });

  const addPerson = (name: string) => ensureUser(database, signIn, { name, email: `${name}@example.com`, password });
  for (const name of ["ann", "bob"]) await addPerson(name);

  const request = (path: string, headers: Record<string, string>, body: object): Promise<Response> =>
    signIn.handler(
      new Request(`${publicUrl}/api/auth${path}`, {
        method: "POST",
        headers: { "content-type": "application/json", origin: publicUrl, ...headers },
        body: JSON.stringify(body),
      }),
    );

  function send({ email = "ann@example.com", address = "203.0.113.9", headers = {}, ...guess }: Guess) {
    const body = { email, password: guess.password ?? "a wrong password" };
    return request("/sign-in/email", { "x-telltale-address": address, ...headers }, body);
  }

  return {
    database,
    signIn,
    said,
    addPerson,
    send,
    post: (path: string, cookie: string, body: object) =>
      request(path, { cookie, "x-telltale-address": "203.0.113.7" }, body),
    statuses: (guesses: Guess[]) => Promise.all(guesses.map(async (guess) => (await send(guess)).status)),
    isOpen: async (cookie: string) => (await signIn.api.getSession({ headers: new Headers({ cookie }) })) !== null,
    async close() {
      await database.$disconnect();
      await postgres[Symbol.asyncDispose]();
    },
  };
}

export function cookieOf(answer: Response): string {
  return answer.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
}

export const times = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index));
