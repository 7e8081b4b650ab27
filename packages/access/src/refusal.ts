import { ACTIONS, type Action } from "./actions.ts";
import { BUILT_IN_ROLES, type Role } from "./roles.ts";

export interface Refused {
  action: Action;
  /** Name of the environment, project or organisation in which the action was refused. */
  place?: string | undefined;
  /** Who can do it there, of `whoCan`. */
  people: readonly { name: string }[];
  /** Who was refused; a person where absent. */
  by?: "person" | "token";
  /** The organisation's own roles, where they are known. */
  customRoles?: readonly Role[];
}

const NAMES_MAX = 3;
/** People choose their own names, at any length. */
const NAME_LENGTH_MAX = 60;

/**
 * Why somebody may not do something, and who can, as one sentence or two: "To publish in Production you need the role
 * Owner, Admin or Publisher. Ana or Li can do this." The door refuses with it, a page explains a disabled button with it.
 */
export function explainRefusal({ action, place, people, by = "person", customRoles = [] }: Refused): string {
  const roles = [...BUILT_IN_ROLES, ...customRoles].filter((role: Role) => role.actions.includes(action));
  const where = place === undefined ? "" : ` in ${clip(place)}`;
  const needed = choose(roles.map(({ name }) => clip(name)));
  const who = by === "person" ? "you need" : "this token needs";
  return `To ${ACTIONS[action].phrase}${where} ${who} the role ${needed}. ${nameHelpers(people)}`;
}

function nameHelpers(people: Refused["people"]): string {
  if (people.length === 0) return "Nobody can do this at present: ask whoever runs Telltale for you.";
  const named = people.slice(0, NAMES_MAX).map(({ name }) => clip(name));
  const others = people.length - named.length;
  if (others > 0) named.push(others === 1 ? "1 other" : `${others} others`);
  return `${choose(named)} can do this.`;
}

function clip(name: string): string {
  const characters = [...name.slice(0, 2 * (NAME_LENGTH_MAX + 1))];
  return characters.length <= NAME_LENGTH_MAX ? name : `${characters.slice(0, NAME_LENGTH_MAX - 1).join("")}…`;
}

function choose(names: readonly string[]): string {
  if (names.length < 2) return names.join("");
  return `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}
