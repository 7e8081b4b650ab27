export { Button, type ButtonProps } from "./action/button.tsx";
export { ConfirmPopover, type ConfirmPopoverProps } from "./action/confirm-popover.tsx";
export { CopyButton } from "./action/copy-button.tsx";
export { Hint } from "./action/hint.tsx";
export { Menu, type MenuItem } from "./action/menu.tsx";
export { Switch, type SwitchProps } from "./action/switch.tsx";
export { cx } from "./class-names.ts";
export { Checkbox, type CheckboxProps } from "./field/checkbox.tsx";
export { ChipsField, type ChipsFieldProps, splitList } from "./field/chips-field.tsx";
export { Choice, type ChoiceProps } from "./field/choice.tsx";
export { DurationField, type DurationFieldProps, writeDuration } from "./field/duration-field.tsx";
export { PercentField, type PercentFieldProps } from "./field/percent-field.tsx";
export { SearchField, type SearchFieldProps } from "./field/search-field.tsx";
export { type Option, Select, type SelectProps } from "./field/select.tsx";
export { moveShare, readPercent, writePercent } from "./field/shares.ts";
export { TextArea, type TextAreaProps, TextField, type TextFieldProps } from "./field/text-field.tsx";
export { useFocusWatch } from "./focus/focus-watch.ts";
export {
  formatAge,
  formatBytes,
  formatChange,
  formatClock,
  formatCount,
  formatDay,
  formatDuration,
  formatMoment,
  formatP,
  formatParts,
  formatRate,
  WHOLE,
} from "./format.ts";
export {
  formatChance,
  formatMeasure,
  formatMeasureChange,
  formatNumber,
  formatPoints,
  type MeasureFormat,
} from "./measure.ts";
export { Badge, type Tone } from "./status/badge.tsx";
export { type ChangeItem, ChangeList } from "./status/change-list.tsx";
export { EmptyState, type EmptyStateProps } from "./status/empty-state.tsx";
export { EnvChip } from "./status/env-chip.tsx";
export { ErrorCard, type ErrorCardProps } from "./status/error-card.tsx";
export { FreshnessTag } from "./status/freshness-tag.tsx";
export { type HealthItem, HealthStrip } from "./status/health-strip.tsx";
export { Note, type NoteProps } from "./status/note.tsx";
export { Skeleton, SkeletonRows } from "./status/skeleton.tsx";
export { notify, notifyError, notifyWithUndo, Toaster } from "./status/toast.tsx";
export { VerdictBanner, type VerdictBannerProps, type VerdictTone } from "./status/verdict-banner.tsx";
export { Card, type CardProps } from "./surface/card.tsx";
export { Dialog, DialogActions, type DialogProps } from "./surface/dialog.tsx";
export { Disclosure } from "./surface/disclosure.tsx";
export { LongTable, type LongTableProps, type RowPlace } from "./surface/long-table.tsx";
export { PageHeader, type PageHeaderProps } from "./surface/page-header.tsx";
export { Snippet } from "./surface/snippet.tsx";
export { Cell, type CellProps, type Column, HeadCell, Row, Table, TableGroup } from "./surface/table.tsx";
export { type Tab, Tabs, type TabsProps } from "./surface/tabs.tsx";
export { Time, useNow } from "./time.tsx";
