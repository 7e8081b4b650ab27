import { Refusal } from "./settings.ts";

const SEE = "See docs/operating.md.";

/** Each way a PostgreSQL of one's own may not let us in, and what a person can do about it. */
const CAUSES: { pattern: RegExp; advice: string }[] = [
  {
    pattern: /self.signed certificate|unable to (get|verify)[\w ]*certificate|UNABLE_TO_|SELF_SIGNED|unknown ca/i,
    advice: `its certificate is signed by nobody this machine knows: name the CA's file (sslmode=verify-full&sslrootcert=/path/ca.pem), or encrypt without knowing to whom (sslmode=no-verify). ${SEE}`,
  },
  {
    pattern: /Hostname\/IP does not match|ERR_TLS_CERT_ALTNAME_INVALID/i,
    advice: `its certificate is for another host than the one in DATABASE_URL: use a name that stands in it, or sslmode=no-verify. ${SEE}`,
  },
  {
    pattern: /certificate has expired|certificate is not yet valid|CERT_(HAS_EXPIRED|NOT_YET_VALID)/i,
    advice: "its certificate is not valid today: renew it, and check this machine's clock.",
  },
  {
    pattern: /does not support SSL/i,
    advice: `it speaks no TLS: switch that on in the server (ssl = on), or take sslmode out of DATABASE_URL. ${SEE}`,
  },
  {
    pattern: /no pg_hba\.conf entry.*no encryption|SSL (is )?off/i,
    advice: `it wants TLS: add sslmode=verify-full to DATABASE_URL. ${SEE}`,
  },
  {
    pattern: /no pg_hba\.conf entry/i,
    advice: "its pg_hba.conf has no line for this user, database and address: add one.",
  },
  {
    pattern: /ENOENT.*open '([^']+)'/i,
    advice:
      "DATABASE_URL names a certificate or key file that is not there: check the paths after sslrootcert, sslcert and sslkey.",
  },
  {
    pattern: /PEM|no start line|bad base64|DECODER routines/i,
    advice: `a file that DATABASE_URL names is no certificate or key in PEM form: check sslrootcert, sslcert and sslkey. ${SEE}`,
  },
  {
    pattern: /permission denied (for|to)|must be owner/i,
    advice:
      "its role may not create tables: give it the database (ALTER DATABASE … OWNER TO …), or the right to create in its schema public.",
  },
  {
    pattern: /database "[^"]*" does not exist|P1003/i,
    advice: "the database in DATABASE_URL is not there: create it, or name another one.",
  },
  {
    pattern:
      /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|timeout expired|terminated unexpectedly|P1001|Can't reach|password authentication failed|P1000|SASL/i,
    advice: "check host, port, user and password.",
  },
];

/** A refusal with what to do, for an error of PostgreSQL or of the way to it; undefined for any other error. */
export function explainPostgres(error: unknown): Refusal | undefined {
  const texts: string[] = [];
  for (let at: unknown = error; at !== undefined && at !== null && texts.length < 5; at = causeOf(at)) {
    texts.push(at instanceof Error ? at.message : String(at));
    if (typeof at === "object" && "code" in at) texts.push(String(at.code));
  }
  const text = texts.join(" ");
  const cause = CAUSES.find(({ pattern }) => pattern.test(text));
  if (!cause) return undefined;
  const said = (texts[0] ?? "").trim().split("\n").at(-1)?.slice(0, 200);
  return new Refusal(`PostgreSQL does not answer as DATABASE_URL says (${said}): ${cause.advice}`);
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}
