/** The places of a project, in the order of the navigation. */
export interface Section {
  name: string;
  /** Below the project's own path. */
  path:
    | "flags"
    | "releases"
    | "experiments"
    | "metrics"
    | "segments"
    | "changes"
    | "audit"
    | "settings/members"
    | "settings/keys";
  /** Pressed after `g`. */
  key: string;
}

export const SECTIONS: readonly Section[] = [
  { name: "Flags", path: "flags", key: "f" },
  { name: "Releases", path: "releases", key: "r" },
  { name: "Experiments", path: "experiments", key: "e" },
  { name: "Metrics", path: "metrics", key: "t" },
  { name: "Segments", path: "segments", key: "s" },
  { name: "Changes", path: "changes", key: "c" },
  { name: "Audit", path: "audit", key: "a" },
  { name: "Members", path: "settings/members", key: "m" },
  { name: "SDK keys", path: "settings/keys", key: "k" },
];

/** A project as pages name it: by its address, `organisation/project`. */
export interface ProjectName {
  address: string;
}

/** The path of a project's page, `/organisation/project/flags`; of one thing on it, where a key is given. */
export function pathTo({ address }: ProjectName, section: Section["path"], key?: string): string {
  return key === undefined ? `/${address}/${section}` : `/${address}/${section}/${encodeURIComponent(key)}`;
}

/** The path of a flag in one of its environments. */
export function pathToFlag(project: ProjectName, flag: string, environment?: string): string {
  const path = pathTo(project, "flags", flag);
  return environment === undefined ? path : `${path}?env=${encodeURIComponent(environment)}`;
}
