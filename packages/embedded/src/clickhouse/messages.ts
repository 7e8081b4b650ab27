/** Parent → child, once: the password does not show in the process list this way. */
export interface StartMessage {
  folder: string;
  user: string;
  password: string;
  memoryBytes: number;
}

/** Child → parent, once. `closed` = the engine did not open its folder; why stands in the error stream. */
export type ChildMessage = { type: "open" } | { type: "closed" } | { type: "failed"; message: string };

export function isAnswer(value: unknown): value is ChildMessage {
  return typeof value === "object" && value !== null && "type" in value;
}

export function isStart(value: unknown): value is StartMessage {
  return typeof value === "object" && value !== null && "folder" in value && "password" in value;
}
