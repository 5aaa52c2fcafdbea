import type { ReactElement } from "react";

/** What the server said of the request as a whole, or of fields without a control. */
export function ErrorSummary({ id, messages }: { readonly id: string; readonly messages: readonly string[] }): ReactElement {
  return (
    <div id={id} role="alert">
      {messages.length === 0 ? null : (
        <ul className="sf-summary">
          {messages.map((message, index) => (
            <li key={`${index} ${message}`}>{message}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
