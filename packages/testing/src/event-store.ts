import { type EventStore, openEventStore } from "@telltale/events";
import { uniqueName, withDatabase } from "./postgres.ts";

/** An event store in a database of its own; gone with the test databases, closed with `await using`. */
export interface TestEventStore extends AsyncDisposable {
  url: string;
  store: EventStore;
}

/** A fresh, migrated event store on the server of `clickhouseUrl`. */
export async function createEventStore(clickhouseUrl: string): Promise<TestEventStore> {
  const url = withDatabase(clickhouseUrl, uniqueName("test"));
  const store = openEventStore({ url });
  await store.migrate([]);
  return { url, store, [Symbol.asyncDispose]: () => store.close() };
}
