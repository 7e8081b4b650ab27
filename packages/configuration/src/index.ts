export { canonical, isSame, isSameConfiguration } from "./equality.ts";
export { findUnstorable, type Unstorable } from "./storable.ts";
