"use client";

import { defaultRangeExtractor, type Range, useWindowVirtualizer } from "@tanstack/react-virtual";
import { type FocusEvent, Fragment, type ReactNode, useCallback, useLayoutEffect, useRef, useState } from "react";
import { type Column, Table } from "./table.tsx";

/** What a drawn row puts on its `tr`. */
export interface RowPlace {
  ref: (row: HTMLTableRowElement | null) => void;
  "data-index": number;
  "aria-rowindex": number;
}

export interface LongTableProps<T> {
  caption: string;
  columns: Column[];
  items: readonly T[];
  keyOf: (item: T) => string;
  /** One record; `place` goes onto its `Row`. */
  children: (item: T, place: RowPlace) => ReactNode;
}

/** Up to so many records all are drawn, so that the browser's own search finds them. */
const DRAWN_MAX = 100;
/** Until a row is measured, in px. */
const ROW_HEIGHT = 57;
/** Rows that are drawn beyond what is seen. */
const OVERSCAN = 12;

/**
 * A table of any number of records: of a long one those near the window are drawn, and the one that has the focus. It
 * scrolls with the page.
 */
export function LongTable<T>(props: LongTableProps<T>) {
  return props.items.length <= DRAWN_MAX ? <WholeBody {...props} /> : <NearBody {...props} />;
}

function placeOf(index: number, ref: RowPlace["ref"]): RowPlace {
  return { ref, "data-index": index, "aria-rowindex": index + 2 };
}

function unmeasured(): void {}

function WholeBody<T>({ caption, columns, items, keyOf, children }: LongTableProps<T>) {
  return (
    <Table caption={caption} columns={columns} count={items.length}>
      {items.map((item, index) => (
        <Fragment key={keyOf(item)}>{children(item, placeOf(index, unmeasured))}</Fragment>
      ))}
    </Table>
  );
}

function NearBody<T>({ caption, columns, items, keyOf, children }: LongTableProps<T>) {
  const body = useRef<HTMLTableSectionElement>(null);
  const [top, setTop] = useState(0);
  const [focused, setFocused] = useState<number>();
  // What stands above the table may change its height at any time.
  useLayoutEffect(() => {
    const found = body.current && body.current.getBoundingClientRect().top + window.scrollY;
    if (found !== null && Math.abs(found - top) > 1) setTop(found);
  });
  const rangeExtractor = useCallback(
    (range: Range) => {
      const near = defaultRangeExtractor(range);
      if (focused === undefined || focused >= range.count || near.includes(focused)) return near;
      return [...near, focused].sort((a, b) => a - b);
    },
    [focused],
  );
  const virtualizer = useWindowVirtualizer({
    count: items.length,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => keyOf(items[index] as T),
    overscan: OVERSCAN,
    scrollMargin: top,
    rangeExtractor,
  });
  const rows: ReactNode[] = [];
  let end = top;
  for (const { index, key, start, end: next } of virtualizer.getVirtualItems()) {
    const item = items[index];
    if (item === undefined) continue;
    if (start > end) rows.push(<Gap key={`before ${key}`} height={start - end} />);
    rows.push(<Fragment key={key}>{children(item, placeOf(index, virtualizer.measureElement))}</Fragment>);
    end = next;
  }
  const rest = top + virtualizer.getTotalSize() - end;
  const onFocus = ({ target }: FocusEvent) => {
    const row = target.closest("[data-index]")?.getAttribute("data-index");
    setFocused(row == null ? undefined : Number(row));
  };
  return (
    <Table caption={caption} columns={columns} count={items.length} grouped>
      <tbody ref={body} className="max-sm:block" onFocus={onFocus} onBlur={() => setFocused(undefined)}>
        {rows}
        {rest > 0 ? <Gap height={rest} /> : null}
      </tbody>
    </Table>
  );
}

/** The room of rows that are not drawn. */
function Gap({ height }: { height: number }) {
  return (
    <tr aria-hidden className="max-sm:block" style={{ height }}>
      <td className="p-0" />
    </tr>
  );
}
