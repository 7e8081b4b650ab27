export {
  type Database,
  isContended,
  isOfDatabase,
  isReachable,
  isTaken,
  openDatabase,
  type Transaction,
} from "./client.ts";
export type * as Model from "./generated/client.ts";
export { Prisma } from "./generated/client.ts";
export { newId } from "./id.ts";
