import type { Action } from "@telltale/access";
import type { Database } from "@telltale/db";
import type { z } from "zod";
import type { Actor } from "./actor.ts";
import type { OrganisationChange, ProjectChange } from "./change.ts";
import { type CommitOptions, commit } from "./commit.ts";
import { invalid } from "./error.ts";
import { registerCommand } from "./registry.ts";

/** A command as it is stored and sent: JSON. */
export interface CommandData {
  name: string;
  input: unknown;
}

/** What a command did. */
export interface Applied<O> {
  output: O;
  /** The commands that undo it, in their order; null where nothing does. Left out by commands that say so once for all. */
  inverse?: CommandData[] | null;
}

interface Definition<S extends z.ZodType, O extends z.ZodType> {
  /** Noun and verb, `flag.switch`: its name at every door, in the audit trail and in change-sets. */
  name: string;
  /** What it does, in a sentence. */
  describe: string;
  /** Of a JSON value, but for what only the system gives. */
  input: S;
  output: O;
  /**
   * Asked at the narrowest scope that the input names. Null: for everybody who has a place in the organisation; `apply`
   * asks.
   */
  action: Action | null;
  /** False: it answers what cannot wait, and stands in no change-set. Default true. */
  isDeferrable?: boolean;
  /** False: nothing undoes it. Default true. */
  isReversible?: boolean;
  /** Members of the output that are shown once: they enter neither the audit trail nor a change-set. */
  secrets?: readonly string[];
  /** Checks that take long and need no database: run before the transaction begins. */
  prepare?(input: z.output<S>): Promise<void>;
}

/** A command with its input, its types behind it: what the door runs. */
export interface Bound {
  name: string;
  action: Action | null;
  input: unknown;
  isReversible: boolean;
  on: { project: string; environment?: string | undefined } | { organisation: string };
  prepare(): Promise<void>;
  apply(change: OrganisationChange & Partial<ProjectChange>): Promise<Applied<unknown>>;
}

/** Where a command comes from, for the audit trail. */
export type CommandOrigin = Pick<CommitOptions, "requestId">;

/** A command: data that says what it takes, gives and needs. Called, it is a commit of one. */
export interface Command<S extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  (database: Database, actor: Actor, input: z.input<S>, options?: CommandOrigin): Promise<z.output<O>>;
  readonly command: Definition<S, O>;
  /** Ready to be run. @throws ControlError INVALID with every problem of the input */
  bind(input: unknown): Bound;
}

interface OnProject {
  project: string;
  environment?: string | undefined;
}

/** A command on something of a project. */
export function defineCommand<S extends z.ZodType<OnProject>, O extends z.ZodType>(
  definition: Definition<S, O> & { apply(change: ProjectChange, input: z.output<S>): Promise<Applied<z.output<O>>> },
): Command<S, O> {
  return made(definition, (input) => ({
    on: { project: input.project, environment: input.environment },
    apply: (change) => {
      const { project, touch } = change;
      if (!project || !touch) throw new Error(`${definition.name} needs its project opened`);
      return definition.apply({ ...change, project, touch, address: input.project }, input);
    },
  }));
}

/** A command on the organisation itself. */
export function defineOrganisationCommand<S extends z.ZodType<{ organisation: string }>, O extends z.ZodType>(
  definition: Definition<S, O> & {
    apply(change: OrganisationChange, input: z.output<S>): Promise<Applied<z.output<O>>>;
  },
): Command<S, O> {
  return made(definition, (input) => ({
    on: { organisation: input.organisation },
    apply: (change) => definition.apply(change, input),
  }));
}

function made<S extends z.ZodType, O extends z.ZodType>(
  definition: Definition<S, O>,
  place: (input: z.output<S>) => Pick<Bound, "on" | "apply">,
): Command<S, O> {
  const { name, action, isReversible = true } = definition;
  const bind = (given: unknown): Bound => {
    const input = readInput(definition.input, given);
    return {
      name,
      action,
      input,
      isReversible,
      ...place(input),
      prepare: async () => definition.prepare?.(input),
    };
  };
  const run = async (
    database: Database,
    actor: Actor,
    input: z.input<S>,
    origin?: CommandOrigin,
  ): Promise<z.output<O>> => {
    const { outputs } = await commit(database, actor, [bind(input)], { requestId: origin?.requestId });
    return outputs[0] as z.output<O>;
  };
  const command = Object.assign(run, { command: definition, bind });
  registerCommand(name, command);
  return command;
}

function readInput<S extends z.ZodType>(schema: S, given: unknown): z.output<S> {
  const read = schema.safeParse(given);
  if (read.success) return read.data;
  throw invalid(read.error.issues.map(({ path, message }) => [...path, ""].join(".").replace(/.$/, ": ") + message));
}
