export { cookieCats, cookieCatsArms } from "./cookie-cats.ts";
export {
  createDemoKeys,
  DEMO_PROJECT,
  type DemoKeys,
  type DemoPeople,
  endStory,
  hasPeople,
  pendingSince,
  seedDemo,
  stories,
} from "./demo.ts";
export { hillstrom, hillstromArms } from "./hillstrom.ts";
export { replay, type Story } from "./story.ts";
