import { Card, Cell, type Column, formatCount, formatRate, HeadCell, Row, Table } from "@telltale/ui";
import type { FlagConfiguration, Usage } from "../../query/outputs.ts";
import { countAnswers, type UsageWindow, WINDOWS } from "./answers.ts";
import { deciderRows, idleSentence } from "./deciders.ts";

const COLUMNS: Column[] = [
  { key: "decider", head: "Decided by" },
  { key: "answers", head: "Answers", align: "end" },
  { key: "share", head: "Share", align: "end" },
];

interface DecidersCardProps {
  usage: Usage;
  window: UsageWindow;
  /** As published: the draft has decided nothing yet. */
  config: FlagConfiguration;
}

/** Which rules decided the answers, in the order in which they are evaluated. */
export function DecidersCard({ usage, window, config }: DecidersCardProps) {
  const total = countAnswers(usage);
  const idle = idleSentence(usage.decided, config);
  return (
    <Card
      title={
        <>
          Who decided <span className="font-normal text-muted text-sm">{WINDOWS[window].words}</span>
        </>
      }
      flush
    >
      <Table caption="Who decided" columns={COLUMNS}>
        {deciderRows(usage.decided, config).map(({ label, name, count }) => (
          <Row key={label}>
            <HeadCell className="break-words">
              {label}
              {name ? <span className="block text-muted text-sm">{name}</span> : null}
            </HeadCell>
            <Cell label="Answers" align="end">
              {formatCount(count)}
            </Cell>
            <Cell label="Share" align="end" className="text-ink-2">
              {formatRate(count / total, 1)}
            </Cell>
          </Row>
        ))}
      </Table>
      {idle ? <p className="border-line border-t px-4 py-2 text-muted text-sm">{idle}</p> : null}
    </Card>
  );
}
