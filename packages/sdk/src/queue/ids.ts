/** A random UUID (version 4). `crypto.randomUUID` exists only on secure pages; random bytes are everywhere. */
export function uuid(): string {
  return (
    crypto.randomUUID?.() ??
    "xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx".replace(/x/g, () =>
      (Number(crypto.getRandomValues(new Uint8Array(1))[0]) & 15).toString(16),
    )
  );
}
