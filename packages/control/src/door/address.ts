import { keySchema } from "@telltale/configuration";
import { z } from "zod";
import { invalid } from "./error.ts";

/** Where a project is: its organisation's key and its own, which is unique within that. */
export interface ProjectAddress {
  organisation: string;
  project: string;
}

const FORM = "Name a project by its address, organisation/project, such as acme/shop.";

/** The address of a project as one text: `acme/shop`. */
export const projectAddressSchema = z.string(FORM).refine((text) => readAddress(text) !== undefined, FORM);

/** Takes an address apart. @throws ControlError INVALID, with the form that it has */
export function parseProjectAddress(text: string): ProjectAddress {
  const address = readAddress(text);
  if (!address) throw invalid([FORM]);
  return address;
}

/** Puts an address together. */
export function writeProjectAddress({ organisation, project }: ProjectAddress): string {
  return `${organisation}/${project}`;
}

function readAddress(text: string): ProjectAddress | undefined {
  const [organisation = "", project = "", ...more] = text.slice(0, 200).split("/");
  const isWhole = more.length === 0 && text.length <= 200;
  return isWhole && isKey(organisation) && isKey(project) ? { organisation, project } : undefined;
}

const isKey = (text: string) => keySchema.safeParse(text).success;
