import { CopyButton } from "../action/copy-button.tsx";

/** Code to take along. */
export function Snippet({ code, label }: { code: string; label: string }) {
  return (
    <div className="relative rounded-md border border-line bg-surface">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <pre tabIndex={0} className="overflow-x-auto p-3 pr-24 font-mono text-sm">
        <code>{code}</code>
      </pre>
      <span className="absolute top-2 right-2">
        <CopyButton text={code} label={label} size="small" />
      </span>
    </div>
  );
}
