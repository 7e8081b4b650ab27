import { PrismaPg } from "@prisma/adapter-pg";
import { ColumnTypeEnum, type SqlDriverAdapter } from "@prisma/driver-adapter-utils";
import type pg from "pg";

/** PostgreSQL's internal one-byte type "char", which the adapter does not know. */
const CHAR_OID = 18;
const BPCHAR_OID = 1042;

/** The private members of the adapter that the repairs below reach. */
interface Inner {
  client: pg.Pool;
  performIO(query: unknown): Promise<{ fields?: { dataTypeID: number }[] }>;
  queryRaw: SqlDriverAdapter["queryRaw"];
  executeScript(sql: string): Promise<void>;
  onError(error: unknown): never;
}

/**
 * adapter-pg as the schema engine needs it. Version 7.10 has three faults there:
 * the "char" type throws; scripts are split at ";" (which breaks $$ bodies and is not atomic); and the shadow
 * database it offers is the real one.
 */
export class SchemaEngineAdapter extends PrismaPg {
  override async connect() {
    const adapter = await super.connect();
    repair(adapter as unknown as Inner);
    return adapter;
  }

  override async connectToShadowDb(): Promise<never> {
    throw new Error("The schema engine asked for a shadow database; this adapter would hand it the real one.");
  }
}

function repair(inner: Inner) {
  const performIO = inner.performIO.bind(inner);
  const queryRaw = inner.queryRaw.bind(inner);
  let charColumns: number[] = [];
  inner.performIO = async (query) => {
    const result = await performIO(query);
    charColumns = [];
    for (const [index, field] of (result.fields ?? []).entries()) {
      if (field.dataTypeID !== CHAR_OID) continue;
      field.dataTypeID = BPCHAR_OID;
      charColumns.push(index);
    }
    return result;
  };
  inner.queryRaw = async (query) => {
    const result = await queryRaw(query);
    for (const column of charColumns) result.columnTypes[column] = ColumnTypeEnum.Character;
    return result;
  };
  inner.executeScript = async (sql) => {
    try {
      await inner.client.query(sql);
    } catch (error) {
      inner.onError(error);
    }
  };
}
