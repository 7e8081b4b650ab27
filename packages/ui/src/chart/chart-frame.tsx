"use client";

import { Download, Table2 } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { Button } from "../action/button.tsx";
import { csvRow } from "../csv.ts";

/**
 * A cell of a chart's table: a text, a number, or what people read of a value that a file holds as it is (null: it is
 * not known, and the file's cell is empty).
 */
export type ChartCell = string | number | { text: string; value: string | number | null };

export interface ChartTable {
  columns: readonly string[];
  rows: readonly (readonly ChartCell[])[];
}

export interface ChartFrameProps {
  title: string;
  /** What the vertical axis counts: "lift against control, %". */
  unit: string;
  /** The chart in a sentence, for people who cannot see it and for those in a hurry. */
  sentence: string;
  table: ChartTable;
  aside?: ReactNode;
  children: ReactNode;
}

/** A table as CSV: numbers as numbers, without units and in full. */
export function toCsv({ columns, rows }: ChartTable): string {
  return [columns, ...rows]
    .map((row) => csvRow(row.map((cell) => (typeof cell === "object" ? cell.value : cell))))
    .join("\r\n");
}

function cellText(cell: ChartCell | undefined): string {
  return typeof cell === "object" ? cell.text : String(cell ?? "");
}

/** A chart with its title, its unit, its sentence and the same numbers as a table or a file. */
export function ChartFrame({ title, unit, sentence, table, aside, children }: ChartFrameProps) {
  const id = useId();
  const [asTable, setAsTable] = useState(false);
  return (
    <figure aria-labelledby={id} className="rounded-lg border border-line bg-raised shadow-low">
      <div className="flex min-h-11 flex-wrap items-center justify-between gap-2 border-line border-b px-4 py-1.5">
        <h2 id={id} className="font-semibold">
          {title} <span className="font-normal text-muted text-sm">{unit}</span>
        </h2>
        <div className="flex flex-wrap items-center gap-1">
          {aside}
          <Button look="ghost" size="small" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
            <Table2 aria-hidden className="size-4" />
            {asTable ? "View as chart" : "View as table"}
          </Button>
          <Button look="ghost" size="small" onClick={() => saveCsv(title, toCsv(table))}>
            <Download aria-hidden className="size-4" />
            CSV
          </Button>
        </div>
      </div>
      <div className="p-4">
        <p className="mb-3 max-w-[72ch] text-ink-2">{sentence}</p>
        {asTable ? <TwinTable title={title} table={table} /> : children}
      </div>
    </figure>
  );
}

function TwinTable({ title, table }: { title: string; table: ChartTable }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section className="max-h-80 overflow-auto" tabIndex={0} aria-label={`${title}, table`}>
      <table className="w-full text-sm">
        <thead>
          <tr className="border-line border-b text-left text-muted">
            {table.columns.map((column) => (
              <th key={column} scope="col" className="px-2 py-1 font-medium">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row) => (
            <tr key={row.slice(0, 2).map(cellText).join(" ")} className="border-line border-b last:border-b-0">
              {row.map((cell, at) => (
                <td key={table.columns[at]} className="px-2 py-1">
                  {cellText(cell)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Hands a table to the person as a file, named after its title. */
export function saveCsv(title: string, csv: string): void {
  const url = URL.createObjectURL(new Blob([csv], { type: "text/csv" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `${title.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}.csv`;
  link.click();
  URL.revokeObjectURL(url);
}
