import { useClient, useStatus } from "@telltale/react";
import { useMemo, useSyncExternalStore } from "react";
import { crowdWithFreeShipping } from "./crowd.ts";

const neverChanges = () => () => {};

/** A hundred fixed shoppers, and who of them would get free shipping right now. */
export function CrowdPanel() {
  const client = useClient();
  const { version } = useStatus();
  // While the page hydrates, the answers are the server's.
  const from = useSyncExternalStore<"now" | "bootstrap">(
    neverChanges,
    () => "now",
    () => "bootstrap",
  );
  // The answers change with the version, although the function does not read it.
  const crowd = useMemo(() => crowdWithFreeShipping(client, from), [client, from, version]);
  const count = crowd.filter(({ on }) => on).length;
  const sentence = `${count} of ${crowd.length} shoppers see free shipping`;
  return (
    <section className="crowd" aria-labelledby="crowd-title">
      <div>
        <h2 id="crowd-title">A hundred shoppers</h2>
        <p data-testid="crowd-count">{sentence}</p>
        <p className="muted">
          Each dot is one shopper, the same hundred on every visit. Change the rollout of “free-shipping” in the
          dashboard and watch: raising it only adds dots.
        </p>
      </div>
      <svg className="dots" viewBox="0 0 200 60" role="img" aria-label={sentence}>
        {crowd.map(({ shopper, on }, index) => (
          <circle key={shopper} cx={(index % 20) * 10 + 5} cy={Math.floor(index / 20) * 12 + 6} r="3.6" data-on={on}>
            <title>{shopper}</title>
          </circle>
        ))}
      </svg>
    </section>
  );
}
