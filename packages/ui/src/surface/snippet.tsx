import { CopyButton } from "../action/copy-button.tsx";

/** Code to take along; long lines wrap, so that all of it is in sight. */
export function Snippet({ code, label }: { code: string; label: string }) {
  return (
    <div className="rounded-md border border-line bg-surface">
      <pre className="whitespace-pre-wrap break-words p-3 font-mono text-sm">
        <code>{code}</code>
      </pre>
      <div className="flex justify-end border-line border-t p-1.5">
        <CopyButton text={code} label={label} size="small" />
      </div>
    </div>
  );
}
