import type { ReactElement } from "react";

interface ToggleProps {
  readonly text: string;
  /** The label of the field that it is for, said to screen readers. */
  readonly of: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}

/** A small checkbox beside a label. */
export function Toggle({ text, of, isOn, onChange }: ToggleProps): ReactElement {
  return (
    <label className="sf-toggle">
      <input type="checkbox" checked={isOn} onChange={(event) => onChange(event.target.checked)} />
      {text}
      <span className="sf-hidden"> {of}</span>
    </label>
  );
}
