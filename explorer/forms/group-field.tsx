import { type ReactElement, type ReactNode, useContext } from "react";
import { ErrorList } from "./error-list.tsx";
import { FieldName } from "./field-name.tsx";
import type { FieldProps } from "./field-props.ts";
import type { ReadField } from "./field-shape.ts";
import { FieldState } from "./field-state.tsx";
import { helpOf, HelpText } from "./help-text.tsx";
import { SchemasContext } from "./schemas-context.ts";
import { startingValue } from "./starting-value.ts";

interface GroupFieldProps extends FieldProps {
  readonly field: ReadField;
  /** What the server said of it as a whole, or of parts without a control. */
  readonly messages: readonly string[];
  readonly children: ReactNode;
}

/** A field of several controls, under one legend. */
export function GroupField(props: GroupFieldProps): ReactElement {
  const { name, label, value, onChange, isRequired, id, field, messages, children } = props;
  const schemas = useContext(SchemasContext);
  const { schema, shape, isNullable } = field;
  const help = helpOf(schema, shape);
  const start = (): void => onChange(startingValue(schema, schemas, new Date()));
  const described = [help === null ? [] : `${id}-help`, messages.length === 0 ? [] : `${id}-errors`].flat().join(" ");
  // A required choice of variants is begun with one of them.
  const isClosed = value === null || (value === undefined && !(isRequired && shape.kind === "variants"));
  const isMissing = isRequired && value === undefined && isClosed;
  return (
    <fieldset
      className={`sf-group${isClosed ? " sf-unsent" : ""}`}
      id={id}
      tabIndex={-1}
      aria-describedby={described === "" ? undefined : described}
    >
      <legend className="sf-legend">{label}</legend>
      <div className="sf-head sf-group-head">
        <FieldName label={label} name={name} isRequired={isRequired} />
        {isClosed ? <span className="sf-soft">{value === null ? "null" : "not sent"}</span> : null}
        <FieldState
          label={label}
          isOptional={!isRequired || isMissing}
          isSent={value !== undefined}
          onSend={(isSent) => (isSent ? start() : onChange(undefined))}
          isNullable={isNullable}
          isNull={value === null}
          onNull={(isNull) => (isNull ? onChange(null) : start())}
        />
      </div>
      <HelpText id={`${id}-help`} text={help} />
      <ErrorList id={`${id}-errors`} messages={messages} />
      {isClosed ? null : <div className="sf-body">{children}</div>}
    </fieldset>
  );
}
