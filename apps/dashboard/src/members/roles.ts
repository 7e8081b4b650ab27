import type { Member, Organisation } from "../query/outputs.ts";

/** A role with where it holds, as pages write it: "publisher in harbour, production". */
export function describeRole({ role, project, environment }: Member["roles"][number]): string {
  if (project === null) return role;
  return environment === null ? `${role} in ${project}` : `${role} in ${project}, ${environment}`;
}

/** All that a member was given, their own roles first, then those of each of their teams. */
export function listRoles(member: Member, teams: Organisation["teams"]): string[] {
  const own = member.roles.map(describeRole);
  const joined = teams.filter(({ userIds }) => userIds.includes(member.userId));
  return [
    ...own,
    ...joined.flatMap(({ name, roles }) => roles.map((role) => `${describeRole(role)}, by team ${name}`)),
  ];
}
