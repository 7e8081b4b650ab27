import type { Bound, Command, CommandData } from "./command.ts";
import { invalid } from "./error.ts";

const commands = new Map<string, Pick<Command, "command" | "bind">>();

/** Puts a command under its name; each is defined once. */
export function registerCommand(name: string, command: Pick<Command, "command" | "bind">): void {
  if (commands.has(name)) throw new Error(`there are two commands "${name}"`);
  commands.set(name, command);
}

/**
 * Stored or sent commands, ready to be run.
 * @param when "now": also those that cannot wait
 * @throws ControlError INVALID naming each that is none, cannot wait, or has an input that is refused
 */
export function readCommands(given: readonly CommandData[], when: "now" | "later" = "later"): Bound[] {
  const problems: string[] = [];
  const bound = given.flatMap(({ name, input }) => {
    const command = commands.get(name);
    if (!command) {
      problems.push(`There is no command "${name}".`);
      return [];
    }
    if (when === "later" && command.command.isDeferrable === false)
      problems.push(`"${name}" cannot wait: do it by itself.`);
    return [command.bind(input)];
  });
  if (problems.length > 0) throw invalid(problems);
  return bound;
}
