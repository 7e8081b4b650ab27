import { notFound } from "next/navigation";

/**
 * Whatever has no page of its own. It is here for the guard around it: what looks like a path below a project may be one of
 * the form before (`/shop/flags/banner`), and is led to where that is now.
 */
export default function Nothing() {
  notFound();
}
