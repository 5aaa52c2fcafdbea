import type { ReactElement } from "react";
import { Toggle } from "./toggle.tsx";

export interface FieldStateProps {
  readonly label: string;
  readonly isOptional: boolean;
  readonly isSent: boolean;
  readonly onSend: (isSent: boolean) => void;
  readonly isNullable: boolean;
  readonly isNull: boolean;
  readonly onNull: (isNull: boolean) => void;
}

/** Whether a field is sent, and whether as null. */
export function FieldState(props: FieldStateProps): ReactElement | null {
  const { label, isOptional, isSent, onSend, isNullable, isNull, onNull } = props;
  if (!isOptional && !isNullable) return null;
  return (
    <span className="sf-state">
      {isNullable ? <Toggle text="null" of={label} isOn={isNull} onChange={onNull} /> : null}
      {isOptional ? <Toggle text="send" of={label} isOn={isSent} onChange={onSend} /> : null}
    </span>
  );
}
