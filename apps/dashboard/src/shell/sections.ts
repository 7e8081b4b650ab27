/** The places of a project, in the order of the navigation. */
export interface Section {
  name: string;
  /** Below /[project]/. */
  path: string;
  /** Pressed after `g`. */
  key: string;
}

export const SECTIONS: readonly Section[] = [
  { name: "Flags", path: "flags", key: "f" },
  { name: "Experiments", path: "experiments", key: "e" },
  { name: "Segments", path: "segments", key: "s" },
  { name: "Audit", path: "audit", key: "a" },
  { name: "SDK keys", path: "settings/keys", key: "k" },
];
