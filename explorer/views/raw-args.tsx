import { useEffect, useId, useState } from "react";
import { canonical, isObject, type JsonObject, pretty, tryParse } from "../wire/json.ts";

/** The same arguments as JSON. What is no object is said, and not taken. */
export function RawArgs({ args, onChange, onValid }: RawArgsProps) {
  const id = useId();
  const [text, setText] = useState(() => pretty(args));
  const parsed = tryParse(text);
  const problem = isObject(parsed) ? null : parsed === undefined ? "This is no JSON yet." : "Expected an object of arguments.";
  useEffect(() => onValid(problem === null), [problem]);
  useEffect(() => {
    if (!isObject(parsed) || canonical(parsed) !== canonical(args)) setText(pretty(args));
  }, [canonical(args)]);
  const change = (next: string): void => {
    setText(next);
    const value = tryParse(next);
    if (isObject(value)) onChange(value);
  };
  return (
    <div className="field">
      <label htmlFor={id}>Arguments as JSON</label>
      <textarea
        id={id}
        className="code-input"
        spellCheck={false}
        rows={Math.min(24, Math.max(6, text.split("\n").length + 1))}
        value={text}
        aria-invalid={problem !== null}
        aria-describedby={`${id}-problem`}
        onChange={({ target }) => change(target.value)}
      />
      <p id={`${id}-problem`} className="field-error">
        {problem}
      </p>
    </div>
  );
}

interface RawArgsProps {
  readonly args: JsonObject;
  readonly onChange: (args: JsonObject) => void;
  readonly onValid: (isValid: boolean) => void;
}
