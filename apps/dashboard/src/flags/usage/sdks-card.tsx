import { Card, Time } from "@telltale/ui";
import type { Usage } from "../../query/outputs.ts";

const SHOWN = 4;

/** Which SDKs evaluated the flag, and when last: an old version among them is an app to update. */
export function SdksCard({ sdks }: { sdks: Usage["sdks"] }) {
  if (sdks.length === 0) return null;
  const more = sdks.length - SHOWN;
  return (
    <Card title="Evaluated by">
      <dl className="grid gap-1">
        {sdks.slice(0, SHOWN).map(({ sdk, at }) => (
          <div key={sdk} className="flex items-baseline justify-between gap-3">
            <dt className="min-w-0 break-words">
              {sdk === "" ? "an SDK that does not say which" : <span className="font-mono">{sdk}</span>}
            </dt>
            <dd className="shrink-0 text-ink-2">
              last <Time at={at} />
            </dd>
          </div>
        ))}
        {more > 0 ? (
          <div>
            <dt className="text-muted">
              and {more} more, not since <Time at={sdks[SHOWN]?.at ?? ""} />
            </dt>
          </div>
        ) : null}
      </dl>
    </Card>
  );
}
