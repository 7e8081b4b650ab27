import { type Database, isContended, isTaken, type Model, type Transaction } from "@telltale/db";
import { publish } from "@telltale/ruleset";
import { type Actor, type ActorRecord, authorise } from "./actor.ts";
import { seal } from "./chain.ts";
import type { Change, Journal, Line, OrganisationChange, Rehearsal } from "./change.ts";
import type { Bound, CommandData } from "./command.ts";
import { busy, ControlError, taken } from "./error.ts";
import { findOrganisation, findProject } from "./open.ts";
import { heldBack, type Need, needsOf } from "./policy.ts";

export interface CommitOptions {
  /** Does all but keep it: the answer is the same, and nothing stays. What policies ask for is told, not refused. */
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
  lines: readonly Line[];
  /** Environments that were published. */
  environments: readonly string[];
  /** What policies ask for before it may be done; empty unless this was a dry run. */
  needs: readonly Need[];
  /** Number of its last audit line in the organisation; null where nothing was changed. */
  sequence: bigint | null;
}

/** Times that a commit begins again after a deadlock. */
const ATTEMPTS = 4;

/**
 * The one door: every change is a list of commands, run in one transaction, whoever asks. Each is authorised, checked
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
  const needs = journal.emergency === null ? await needsIn(tx, journal) : [];
  if (needs.length > 0 && !options.dryRun) throw heldBack(needs);
  // Always in the same order, so that two commits that touch the same environments cannot deadlock.
  const environments = [...journal.touched.keys()].sort();
  for (const id of environments) await publish(tx, id);
  const sealed = await seal(tx, opener.organisation(), opener.actor(), journal.lines, options);
  return { outputs, inverse, lines: journal.lines, environments, needs, sequence: sealed };
}

function newJournal(comment = ""): Journal {
  return { lines: [], touched: new Map(), comment, approvals: [], emergency: null };
}

/** What the policies of the environments that were touched ask for. */
async function needsIn(tx: Transaction, journal: Journal): Promise<Need[]> {
  if (journal.touched.size === 0) return [];
  const environments = await tx.environment.findMany({
    where: { id: { in: [...journal.touched.keys()] } },
    include: { project: true },
    orderBy: [{ projectId: "asc" }, { position: "asc" }],
  });
  const now = new Date();
  return environments.flatMap(({ project, ...own }) => needsOf({ project, environments: [own], journal, now }));
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
  open(command: Bound, journal: Journal): Promise<OrganisationChange & Partial<Change>>;
  organisation(): Model.Organisation;
  actor(): ActorRecord;
}

/** Opens what commands name, and asks whether the actor may do there what they do. All are of one organisation. */
function createOpener(tx: Transaction, actor: Actor): Opener {
  let opened: { organisation: Model.Organisation; record: ActorRecord } | undefined;
  const known = () => {
    if (!opened) throw new Error("a commit needs at least one command");
    return opened;
  };
  const admit = async (organisation: Model.Organisation, { action }: Bound) => {
    if (opened && opened.organisation.id !== organisation.id) {
      throw new ControlError("INVALID", "These commands belong to several organisations. Send them one by one.");
    }
    opened = { organisation, record: await authorise(tx, actor, organisation.id, action) };
    return opened;
  };
  const opener: Opener = {
    organisation: () => known().organisation,
    actor: () => known().record,
    async open(command, journal) {
      const { on, name } = command;
      const project = "project" in on ? await findProject(tx, on.project) : undefined;
      const own = "organisation" in on ? await findOrganisation(tx, on.organisation) : project?.organisation;
      if (!own) throw new Error(`${name} names neither a project nor an organisation`);
      const { organisation, record } = await admit(own, command);
      return {
        ...{ tx, organisation, actor: record, journal },
        ...(project && { project }),
        audit: (entry) => journal.lines.push({ ...entry, projectId: project?.id ?? null, command: name }),
        touch: (environmentId, isSafe = false) => {
          const before = journal.touched.get(environmentId)?.isSafe ?? true;
          journal.touched.set(environmentId, { isSafe: before && isSafe });
        },
        run: (commands) => runAll(commands, opener, journal),
        rehearse: (commands) => rehearse(tx, commands, opener),
        needs: (rehearsal, approvals) => needsIn(tx, { ...rehearsal.journal, approvals }),
      };
    },
  };
  return opener;
}
