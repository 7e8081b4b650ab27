import { type Database, isContended, isTaken, type Model, type Transaction } from "@telltale/db";
import { type Changed, publish } from "@telltale/ruleset";
import { type Actor, demandIn, type Standing, scopeOf } from "./actor.ts";
import { type Affected, readAffected, readTouched, type TouchedEnvironment } from "./affected.ts";
import { seal } from "./chain.ts";
import {
  type AuditLine,
  type Journal,
  NATURES,
  type Nature,
  type OrganisationChange,
  type ProjectChange,
  type Rehearsal,
} from "./change.ts";
import type { Bound, CommandData } from "./command.ts";
import { busy, ControlError, refusalOf, taken } from "./error.ts";
import { demandSomewhere, enterOrganisation, enterProject, type OpenedProject } from "./open.ts";
import { heldBack, type Need, needsOf } from "./policy.ts";

export interface CommitOptions {
  /**
   * Does all but keep it: the answer is the same, and nothing stays. What policies require is reported, not enforced.
   */
  dryRun?: boolean;
  /** Why it is done, for all of it; a command may have a comment of its own. */
  comment?: string | undefined;
  /** The request that it came with, for the audit trail. */
  requestId?: string | undefined;
}

/** What a commit did. */
export interface Committed {
  /** One for each command. */
  outputs: unknown[];
  /** The commands that undo all of it; null where something in it cannot be undone. */
  inverse: CommandData[] | null;
  /** What it wrote into the audit trail. */
  lines: readonly AuditLine[];
  /** Environments that were published. */
  environments: readonly string[];
  /** What policies ask for before it may be done; empty unless this was a dry run. */
  needs: readonly Need[];
  /** Whom it reaches; empty unless this was a dry run. */
  affected: readonly Affected[];
  /** Why the actor may not publish it, and who can; null where they may. Not null in a dry run only. */
  refusal: string | null;
  /** Number of its last audit line in the organisation; null where nothing was changed. */
  sequence: bigint | null;
}

/** Times that a commit begins again after a deadlock. */
const ATTEMPTS = 4;

/**
 * The one door: every change of every actor is a list of commands, run in one transaction. Each is authorised, checked
 * and applied; then the audit trail is written and each environment touched is compiled and published, once. Any error
 * leaves nothing behind.
 * @throws ControlError
 */
export async function commit(
  database: Database,
  actor: Actor,
  commands: readonly Bound[],
  options: CommitOptions = {},
): Promise<Committed> {
  for (const command of commands) await command.prepare();
  for (let attempt = 1; ; attempt++) {
    try {
      return await attemptCommit(database, actor, commands, options);
    } catch (error) {
      if (isTaken(error)) throw taken();
      if (!isContended(error)) throw error;
      if (attempt >= ATTEMPTS) throw busy();
    }
  }
}

/** Carries the answer of a dry run out of its transaction, which then leaves nothing behind. */
class Rehearsed extends Error {
  readonly committed: Committed;
  constructor(committed: Committed) {
    super("a dry run ends here");
    this.committed = committed;
  }
}

async function attemptCommit(
  database: Database,
  actor: Actor,
  commands: readonly Bound[],
  options: CommitOptions,
): Promise<Committed> {
  const work = async (tx: Transaction) => {
    const committed = await perform(tx, actor, commands, options);
    if (options.dryRun) throw new Rehearsed(committed);
    return committed;
  };
  try {
    return await database.$transaction(work, { maxWait: 10_000, timeout: 30_000 });
  } catch (error) {
    if (error instanceof Rehearsed) return error.committed;
    throw error;
  }
}

async function perform(
  tx: Transaction,
  actor: Actor,
  commands: readonly Bound[],
  options: CommitOptions,
): Promise<Committed> {
  const journal = newJournal(options.comment);
  const opener = createOpener(tx, actor);
  const { outputs, inverse } = await runAll(commands, opener, journal);
  // Whoever changes what an environment serves may publish there.
  const refusal = await refusalOf(
    demandIn({ tx, standing: opener.standing() }, "environment.publish", [...journal.touched.keys()]),
  );
  if (refusal && !options.dryRun) throw refusal;
  const touched = await readTouched(tx, journal);
  const needs = journal.emergency === null ? needsIn(touched, journal) : [];
  if (needs.length > 0 && !options.dryRun) throw heldBack(needs);
  // Before anything is locked that others wait for.
  const affected = options.dryRun ? await readAffected(tx, touched, journal) : [];
  // Always in the same order, so that two commits that touch the same environments cannot deadlock.
  const environments = [...journal.touched.keys()].sort();
  for (const id of environments) await publish(tx, id, journal.touched.get(id)?.changed);
  const sequence = await seal(tx, opener.organisation(), opener.standing().record, journal.lines, options);
  const done = { outputs, inverse, lines: journal.lines, environments, needs, sequence };
  return { ...done, affected, refusal: refusal?.message ?? null };
}

function joinChanged(one: Changed, other: Changed): Changed {
  if (one === "all" || other === "all") return "all";
  const join = (a: readonly string[] = [], b: readonly string[] = []) => [...new Set([...a, ...b])];
  return { flags: join(one.flags, other.flags), segments: join(one.segments, other.segments) };
}

function joinNatures(one: Nature, other: Nature): Nature {
  return NATURES.indexOf(one) > NATURES.indexOf(other) ? one : other;
}

function newJournal(comment = ""): Journal {
  return { lines: [], touched: new Map(), comment, approvals: [], emergency: null };
}

/** What the policies of the environments that were touched ask for. */
function needsIn(environments: readonly TouchedEnvironment[], journal: Journal): Need[] {
  const now = new Date();
  return environments.flatMap((environment) => needsOf(environment, journal, now));
}

/** Runs commands behind a savepoint and goes back to it. */
async function rehearse(tx: Transaction, commands: readonly Bound[], opener: Opener): Promise<Rehearsal> {
  const journal = newJournal();
  await tx.$executeRaw`savepoint rehearsal`;
  try {
    const { inverse } = await runAll(commands, opener, journal);
    return { lines: journal.lines, environments: [...journal.touched.keys()].sort(), inverse, journal };
  } finally {
    await tx.$executeRaw`rollback to savepoint rehearsal`;
  }
}

async function runAll(commands: readonly Bound[], opener: Opener, journal: Journal) {
  const outputs: unknown[] = [];
  let inverse: CommandData[] | null = [];
  for (const command of commands) {
    const change = await opener.open(command, journal);
    const applied = await command.apply(change);
    outputs.push(applied.output);
    // Undone from the last to the first.
    const own = command.isReversible ? (applied.inverse ?? null) : null;
    inverse = own && inverse && [...own, ...inverse];
  }
  return { outputs, inverse };
}

interface Opener {
  open(command: Bound, journal: Journal): Promise<OrganisationChange & Partial<ProjectChange>>;
  organisation(): Model.Organisation;
  standing(): Standing;
}

/** Where a command is done, and what the actor may do in its organisation. */
interface Entered {
  organisation: Model.Organisation;
  standing: Standing;
  project?: OpenedProject;
}

async function enter(tx: Transaction, actor: Actor, { on }: Bound): Promise<Entered> {
  if ("organisation" in on) return enterOrganisation(tx, actor, on.organisation);
  const { project, standing } = await enterProject(tx, actor, on.project);
  return { organisation: project.organisation, standing, project };
}

/** Asks for the command's action at the narrowest place that its input names. */
async function admit({ organisation, standing, project }: Entered, { action, on }: Bound): Promise<void> {
  if (action === null) return;
  if (!project) {
    const scope = { kind: "organisation", organisationId: organisation.id } as const;
    return standing.demand(action, scope);
  }
  const key = "environment" in on ? on.environment : undefined;
  const environment = project.environments.find((candidate) => candidate.key === key);
  // Publishing is authorised for each environment as well.
  if (key === undefined) return demandSomewhere(standing, action, project);
  return standing.demand(action, scopeOf(project, environment));
}

/** Opens what commands name, and asks whether the actor may do there what they do. All are of one organisation. */
function createOpener(tx: Transaction, actor: Actor): Opener {
  let first: Entered | undefined;
  const known = () => {
    if (!first) throw new Error("a commit needs at least one command");
    return first;
  };
  const opener: Opener = {
    organisation: () => known().organisation,
    standing: () => known().standing,
    async open(command, journal) {
      const entered = await enter(tx, actor, command);
      first ??= entered;
      const { organisation, standing, project } = entered;
      if (first.organisation.id !== organisation.id) {
        throw new ControlError("INVALID", "These commands belong to several organisations. Send them one by one.");
      }
      await admit(entered, command);
      return {
        tx,
        organisation,
        actor: standing.record,
        standing,
        journal,
        ...(project && { project }),
        audit: (entry) => {
          const projectId = project?.id ?? entry.projectId ?? null;
          journal.lines.push({ ...entry, projectId, command: command.name });
        },
        touch: (environmentId, changed, nature = "ordinary", reached = changed) => {
          const before = journal.touched.get(environmentId) ?? { changed: {}, reached: {}, nature: "rollback" };
          journal.touched.set(environmentId, {
            changed: joinChanged(before.changed, changed),
            reached: joinChanged(before.reached, reached),
            nature: joinNatures(before.nature, nature),
          });
        },
        run: (commands) => runAll(commands, opener, journal),
        rehearse: (commands) => rehearse(tx, commands, opener),
        needs: async ({ journal: rehearsed }, approvals) =>
          needsIn(await readTouched(tx, rehearsed), { ...rehearsed, approvals }),
      };
    },
  };
  return opener;
}
