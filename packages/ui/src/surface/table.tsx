import type { ComponentProps, ReactNode } from "react";
import { cx } from "../class-names.ts";

export interface Column {
  key: string;
  head: ReactNode;
  align?: "end";
  /** Only on screens from this width on. */
  from?: "lg" | "xl";
  className?: string;
}

const FROM = { lg: "max-lg:hidden", xl: "max-xl:hidden" };

export interface TableProps {
  caption: string;
  columns: Column[];
  /** It may be wider than its place: keyboards can reach and scroll it. */
  scrolls?: boolean;
  /** The rows come in `TableGroup`s, or in a body of their own. */
  grouped?: boolean;
  /** How many records there are, where not all of them are drawn. */
  count?: number;
  children: ReactNode;
}

/**
 * A table of records. Below 640 px each row becomes a small card and the column heads go: cells that need their
 * head there name it themselves with `Cell`'s `label`.
 */
export function Table({ caption, columns, scrolls, grouped, count, children }: TableProps) {
  const rows = grouped ? children : <tbody className="max-sm:block">{children}</tbody>;
  const table = <WholeTable caption={caption} columns={columns} count={count} rows={rows} />;
  if (!scrolls) return <div className="relative overflow-x-auto">{table}</div>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section tabIndex={0} aria-label={`${caption}, scrolls sideways`} className="@container relative overflow-x-auto">
      {table}
    </section>
  );
}

interface WholeTableProps extends Pick<TableProps, "caption" | "columns"> {
  count: number | undefined;
  rows: ReactNode;
}

function WholeTable({ caption, columns, count, rows }: WholeTableProps) {
  return (
    // The head is the first row.
    <table className="w-full border-collapse max-sm:block" aria-rowcount={count === undefined ? undefined : count + 1}>
      <caption className="sr-only">{caption}</caption>
      <thead className="max-sm:sr-only">
        <tr className="border-line border-b text-left text-muted text-sm">
          {columns.map((column) => (
            <th
              key={column.key}
              scope="col"
              className={cx(
                "h-9 px-4 font-medium",
                column.align === "end" && "text-right",
                column.from && FROM[column.from],
                column.className,
              )}
            >
              {column.head}
            </th>
          ))}
        </tr>
      </thead>
      {rows}
    </table>
  );
}

/** Rows that belong together, under a head of their own. */
export function TableGroup({ head, columns, children }: { head: ReactNode; columns: number; children: ReactNode }) {
  return (
    <tbody className="max-sm:block">
      <tr className="border-line border-b bg-surface max-sm:block">
        <th
          scope="rowgroup"
          colSpan={columns}
          className="px-4 py-1.5 text-left font-semibold text-ink-2 text-sm max-sm:block"
        >
          {head}
        </th>
      </tr>
      {children}
    </tbody>
  );
}

/** One record. */
export function Row({ className, ...props }: ComponentProps<"tr">) {
  return (
    <tr
      {...props}
      className={cx(
        "border-line border-b last:border-b-0 hover:bg-surface max-sm:grid max-sm:gap-1.5 max-sm:px-4 max-sm:py-3",
        className,
      )}
    />
  );
}

export interface CellProps extends Omit<ComponentProps<"td">, "align"> {
  /** The column's name, shown beside the value on narrow screens. */
  label?: string;
  align?: "end";
  /** As the column's. */
  from?: "lg" | "xl";
}

/** One value of a record. */
export function Cell({ label, align, from, className, children, ...props }: CellProps) {
  return (
    <td
      {...props}
      className={cx(
        "h-11 px-4 py-1.5 align-middle",
        from
          ? FROM[from]
          : "max-sm:flex max-sm:h-auto max-sm:items-center max-sm:justify-between max-sm:gap-3 max-sm:p-0",
        align === "end" && "text-right",
        className,
      )}
    >
      {label ? <span className="text-muted text-sm sm:hidden">{label}</span> : null}
      {children}
    </td>
  );
}

/** The record's name: the row's head for screen readers. */
export function HeadCell({ className, children, ...props }: ComponentProps<"th">) {
  return (
    <th
      {...props}
      scope="row"
      className={cx("h-11 px-4 py-1.5 text-left font-normal max-sm:h-auto max-sm:p-0", className)}
    >
      {children}
    </th>
  );
}
