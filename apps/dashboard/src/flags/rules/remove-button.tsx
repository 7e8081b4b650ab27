import { Button } from "@telltale/ui";
import { X } from "lucide-react";

/** Takes a row away; `name` says to a screen reader which. */
export function RemoveButton({ name, onRemove }: { name: string; onRemove: () => void }) {
  return (
    <Button look="ghost" size="icon" aria-label={`Remove ${name}`} onClick={onRemove}>
      <X aria-hidden className="size-4" />
    </Button>
  );
}
