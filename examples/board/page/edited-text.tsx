import { useState } from "react";

export interface EditedTextProps {
  readonly label: string;
  readonly value: string;
  readonly rows: number;
  readonly className: string;
  readonly placeholder?: string;
  readonly isRequired?: boolean;
  readonly onSave: (value: string) => void;
}

/** A text that is saved when the user leaves it. Until the user types, it shows what others write. */
export function EditedText({ label, value, rows, className, placeholder, isRequired = false, onSave }: EditedTextProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const save = () => {
    const text = draft?.trim() ?? value;
    if (text !== value && !(isRequired && text === "")) onSave(text);
    setDraft(null);
  };
  return (
    <textarea
      aria-label={label}
      className={className}
      rows={rows}
      placeholder={placeholder}
      value={draft ?? value}
      onChange={({ target }) => setDraft(target.value)}
      onBlur={save}
    />
  );
}
