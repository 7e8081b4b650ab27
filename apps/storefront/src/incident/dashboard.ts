/** What an incident asks of the dashboard's API. */
export interface Dashboard {
  /** Calls a procedure. @throws what it refused, in its words */
  query<T>(procedure: string, input: object): Promise<T>;
  mutate<T>(procedure: string, input: object): Promise<T>;
}

/** What the API refused, by its code. */
export class Refused extends Error {
  readonly code: string | undefined;
  constructor(message: string, code: string | undefined) {
    super(message);
    this.code = code;
  }
}

/** Signs in as a person does, and calls procedures with their session. @throws where that is refused */
export async function signIn(url: string, person: { email: string; password: string }): Promise<Dashboard> {
  const signed = await fetch(`${url}/api/auth/sign-in/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url },
    body: JSON.stringify(person),
  });
  if (!signed.ok) throw new Error(`The dashboard refused to sign ${person.email} in: ${signed.status}.`);
  const cookie = signed.headers.getSetCookie().map((one) => one.split(";")[0]);
  const headers = { "content-type": "application/json", origin: url, cookie: cookie.join("; ") };
  const read = async <T>(procedure: string, response: Response): Promise<T> => {
    const answer = await response.json();
    if (!response.ok) {
      const { message = response.status, data } = answer?.error?.json ?? {};
      throw new Refused(`${procedure}: ${message}`, data?.telltale?.code);
    }
    return answer.result.data.json as T;
  };
  return {
    async query(procedure, input) {
      const asked = encodeURIComponent(JSON.stringify({ json: input }));
      return read(procedure, await fetch(`${url}/api/trpc/${procedure}?input=${asked}`, { headers }));
    },
    async mutate(procedure, input) {
      const body = JSON.stringify({ json: input });
      return read(procedure, await fetch(`${url}/api/trpc/${procedure}`, { method: "POST", headers, body }));
    },
  };
}
