export { ChartFrame, type ChartFrameProps, type ChartTable, toCsv } from "./chart-frame.tsx";
export { type ChartVerdict, CiCell, type CiCellProps, CiScale, intervalText, VerdictWord } from "./ci-cell.tsx";
export { CountBars, type CountBarsProps, type CountColumn } from "./count-bars.tsx";
export { type ChartInterval, type IntervalMarks, placeInterval, sharedExtent } from "./interval.ts";
export { type LiftLine, type LiftPoint, stepWords } from "./lift-line.ts";
export { LiftOverTime, type LiftOverTimeProps } from "./lift-over-time.tsx";
export { type Share, ShareBar } from "./share-bar.tsx";
export { VariantMark, variantInk, variantLetter } from "./variant-mark.tsx";
