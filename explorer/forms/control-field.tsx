import { type ReactElement, useContext } from "react";
import { CheckControl } from "./check-control.tsx";
import { ChoiceControl } from "./choice-control.tsx";
import type { ControlProps } from "./control-props.ts";
import { ErrorList } from "./error-list.tsx";
import { flatMessages } from "./error-tree.ts";
import { FieldName } from "./field-name.tsx";
import type { FieldProps } from "./field-props.ts";
import type { FieldShape, ReadField } from "./field-shape.ts";
import { FieldState } from "./field-state.tsx";
import { helpOf, HelpText } from "./help-text.tsx";
import { JsonControl } from "./json-control.tsx";
import { MomentControl } from "./moment-control.tsx";
import { NumberControl } from "./number-control.tsx";
import { placeholderOf } from "./placeholder-of.ts";
import { SchemasContext } from "./schemas-context.ts";
import { startingValue } from "./starting-value.ts";
import { TextControl } from "./text-control.tsx";
import { Unfinished } from "./unfinished.ts";

/** A field with one control: its label, whether it is sent, what it takes, and what the server said of it. */
export function ControlField(props: FieldProps & { readonly field: ReadField }): ReactElement {
  const { name, label, value, onChange, isRequired, errors, id, field } = props;
  const schemas = useContext(SchemasContext);
  const { schema, shape, isNullable } = field;
  const help = helpOf(schema, shape);
  const messages = [...(value instanceof Unfinished ? [value.problem] : []), ...flatMessages(errors)];
  const [helpId, errorId] = [`${id}-help`, `${id}-errors`];
  const isSelect = shape.kind === "choice";
  const start = (): void => onChange(startingValue(schema, schemas, new Date()));
  const described = [help === null ? [] : helpId, messages.length === 0 ? [] : errorId].flat().join(" ");
  const control: ControlProps = {
    name,
    schema,
    value,
    onChange,
    isRequired,
    placeholder: placeholderOf(schema, value, isRequired),
    attributes: {
      id,
      "aria-describedby": described === "" ? undefined : described,
      "aria-invalid": messages.length === 0 ? undefined : true,
      "aria-errormessage": messages.length === 0 ? undefined : errorId,
      "aria-required": isRequired ? true : undefined,
    },
  };
  return (
    <div className={`sf-field${value === undefined ? " sf-unsent" : ""}`}>
      <div className="sf-head">
        <label className="sf-label" htmlFor={id}>
          {label}
        </label>
        <FieldName label={label} name={name} isRequired={isRequired} />
        <FieldState
          label={label}
          isOptional={!isRequired && !isSelect}
          isSent={value !== undefined}
          onSend={(isSent) => (isSent ? start() : onChange(undefined))}
          isNullable={isNullable && !isSelect}
          isNull={value === null}
          onNull={(isNull) => (isNull ? onChange(null) : start())}
        />
      </div>
      <Control shape={shape} control={control} isNullable={isNullable} />
      <HelpText id={helpId} text={help} />
      <ErrorList id={errorId} messages={messages} />
    </div>
  );
}

interface ChosenControl {
  readonly shape: FieldShape;
  readonly control: ControlProps;
  readonly isNullable: boolean;
}

function Control({ shape, control, isNullable }: ChosenControl): ReactElement {
  switch (shape.kind) {
    case "text":
      return <TextControl {...control} />;
    case "number":
      return <NumberControl {...control} isInteger={shape.isInteger} />;
    case "boolean":
      return <CheckControl {...control} />;
    case "choice":
      return <ChoiceControl {...control} values={shape.values} isNullable={isNullable} />;
    case "moment":
      return <MomentControl {...control} form={shape.form} />;
    default:
      return <JsonControl {...control} />;
  }
}
