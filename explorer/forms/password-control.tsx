import { type ReactElement, useState } from "react";
import type { ControlAttributes } from "./control-props.ts";

interface PasswordControlProps {
  readonly common: ControlAttributes & {
    readonly className: string;
    readonly value: string;
    readonly placeholder: string;
    readonly spellCheck: boolean;
  };
  readonly onChange: (text: string) => void;
}

/** A text that is hidden until it is asked for. */
export function PasswordControl({ common, onChange }: PasswordControlProps): ReactElement {
  const [isShown, setIsShown] = useState(false);
  return (
    <span className="sf-row">
      <input
        {...common}
        type={isShown ? "text" : "password"}
        autoComplete="new-password"
        onChange={(event) => onChange(event.target.value)}
      />
      <button type="button" className="sf-button" aria-pressed={isShown} onClick={() => setIsShown(!isShown)}>
        Show<span className="sf-hidden"> what is typed</span>
      </button>
    </span>
  );
}
