export { published, replayCookieCats, replayEvents } from "./cookie-cats.ts";
export {
  cookieCatsState,
  createDemoKeys,
  DEMO_PROJECT,
  type DemoKeys,
  type DemoPeople,
  endCookieCats,
  seedDemo,
} from "./demo.ts";
