/** Roles, from the one that may do least, and tokens; each asks in an organisation of its own, of which it is a member. */
export const MEMBERS = [
  "viewer",
  "analyst",
  "editor",
  "publisher",
  "admin",
  "owner",
  "an owner's token for viewing",
  "an editor's whole token",
  "a service token to publish",
] as const;

export type StandingMember = (typeof MEMBERS)[number];

/** Everybody who has a place in the organisation. */
const all = MEMBERS;
/** Those who plan and measure. */
const measures = [
  "analyst",
  "editor",
  "publisher",
  "admin",
  "owner",
  "an editor's whole token",
  "a service token to publish",
] as const;
/** Those who edit, and propose changes. */
const edits = [
  "editor",
  "publisher",
  "admin",
  "owner",
  "an editor's whole token",
  "a service token to publish",
] as const;
/** Those who change what an environment serves. */
const publishes = ["publisher", "admin", "owner", "a service token to publish"] as const;
const judges = ["publisher", "admin", "owner"] as const;
const admins = ["admin", "owner"] as const;
const owner = ["owner"] as const;
/** Those who have a session or a token of a person. */
const people = ["viewer", "analyst", "editor", "publisher", "admin", "owner"] as const;

/**
 * Who may call what, of a thing in an organisation of theirs: the table that is reviewed. Whoever is not named is answered
 * FORBIDDEN. Who is signed out gets UNAUTHORIZED from all of it, and whoever has no place in the organisation NOT_FOUND. A
 * procedure without a row fails the test beside it, and so does a row without a procedure.
 */
export const ALLOWED: Readonly<Record<string, readonly StandingMember[]>> = {
  // Of oneself. Tokens have no session: UNAUTHORIZED.
  "session.me": people,

  "access.explain": all,
  "organisation.statistics": all,
  "organisation.setStatistics": admins,
  "organisation.rename": owner,
  "member.access": all,
  "member.list": all,
  "member.setRole": admins,
  "member.remove": admins,
  "team.create": admins,
  "team.update": admins,
  "team.remove": admins,
  "role.create": admins,
  "role.update": admins,
  "role.give": admins,
  "role.take": admins,
  "role.remove": admins,
  "token.list": all,
  // For themselves. Service tokens need `token.create`; a token makes none.
  "token.create": people,
  // Of others.
  "token.revoke": admins,

  "project.get": all,
  "project.create": admins,
  "project.rename": admins,
  "project.order": owner,
  "project.setPolicy": admins,
  "project.archive": admins,
  "project.restore": admins,
  "environment.create": admins,
  "environment.update": admins,
  "environment.order": admins,
  "environment.setPolicy": admins,
  "environment.archive": admins,
  "environment.restore": admins,
  "key.list": all,
  "key.create": admins,
  "key.revoke": admins,

  // Of whatever they may change.
  "owner.set": edits,
  "flag.list": all,
  "flag.get": all,
  "flag.history": all,
  "flag.usage": all,
  "flag.lastSeen": all,
  // A flag is served at once: whoever may not publish proposes a change.
  "flag.create": publishes,
  "flag.configure": publishes,
  "flag.update": publishes,
  "flag.switch": publishes,
  "flag.revert": publishes,
  "flag.setVisibility": publishes,
  "flag.archive": publishes,
  "segment.list": all,
  "segment.get": all,
  "segment.history": all,
  // Of one that no flag uses yet.
  "segment.save": edits,
  "segment.update": publishes,
  "segment.revert": publishes,

  "metric.list": all,
  "metric.get": all,
  "metric.history": all,
  "metric.create": measures,
  "metric.update": measures,
  "metric.revert": measures,
  "experiment.list": all,
  "experiment.get": all,
  "experiment.create": measures,
  "experiment.sizing": all,
  "experiment.configure": measures,
  "experiment.start": publishes,
  "experiment.stop": publishes,
  "experiment.note": measures,
  // Whoever may read may ask for a run: it changes nothing.
  "experiment.refresh": all,
  "experiment.request": all,
  "experiment.results": all,
  "experiment.snapshots": all,
  "experiment.snapshot": all,
  "experiment.recompute": all,
  "layer.list": all,
  "layer.create": edits,
  "holdout.list": all,
  "holdout.create": publishes,
  "holdout.end": publishes,

  "release.list": all,
  "release.get": all,
  "release.create": edits,
  "release.start": publishes,
  "release.cancel": edits,
  "release.pause": publishes,
  "release.resume": publishes,
  "release.advance": publishes,
  // A person stands behind an approval.
  "release.approve": judges,
  "release.rollback": publishes,
  "release.decommission": publishes,

  "change.list": all,
  "change.get": all,
  // Of commands that they may do themselves, but for publishing.
  "change.preview": edits,
  "change.propose": edits,
  "change.edit": edits,
  "change.remark": measures,
  // A person stands behind an approval and a schedule.
  "change.approve": judges,
  "change.decline": measures,
  "change.withdraw": measures,
  "change.schedule": judges,
  "change.unschedule": publishes,
  "change.applyNow": publishes,
  "change.revert": edits,

  "ingestion.lag": all,
  "ingestion.waiting": all,
  "audit.list": all,
};
