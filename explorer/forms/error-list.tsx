import type { ReactElement } from "react";

/** What the server said of one control. */
export function ErrorList({ id, messages }: { readonly id: string; readonly messages: readonly string[] }): ReactElement | null {
  if (messages.length === 0) return null;
  return (
    <ul className="sf-errors" id={id}>
      {messages.map((message, index) => (
        <li key={`${index} ${message}`}>{message}</li>
      ))}
    </ul>
  );
}
