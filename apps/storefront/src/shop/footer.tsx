import { useStatus } from "@telltale/react";
import type { Visitor } from "../visitor.ts";

/** Who is looking, with which flags, and the door to the dashboard. */
export function Footer({ visitor, dashboardUrl }: { visitor: Visitor; dashboardUrl: string }) {
  const { version } = useStatus();
  return (
    <footer>
      <p>
        You are <span data-testid="visitor-id">{visitor.targetingKey}</span> from {visitor.country}.{" "}
        <span className={version === 0 ? "waiting" : "live"} data-testid="ruleset-version">
          {version === 0 ? "flags: waiting for the edge" : `flags: version ${version}`}
        </span>
      </p>
      <form method="get" action="/" className="view-as">
        <label>
          Visitor <input name="visitor" defaultValue={visitor.targetingKey} maxLength={256} required />
        </label>
        <label>
          Country <input name="country" defaultValue={visitor.country} maxLength={2} size={3} required />
        </label>
        <button type="submit">View as this shopper</button>
      </form>
      <p>
        <a href={dashboardUrl}>Open the dashboard</a>
      </p>
    </footer>
  );
}
