import { createElement, type ReactElement, type ReactNode, useState } from "react";

/** Text that a test reads. */
export function shown(id: string, value: unknown): ReactElement {
  return createElement("p", { id }, typeof value === "string" ? value : JSON.stringify(value));
}

export function button(id: string, onClick: () => void): ReactElement {
  return createElement("button", { id, onClick }, id);
}

export function all(...children: ReactNode[]): ReactElement {
  return createElement("div", null, ...children);
}

/** Shows its children, or not: as the button says. */
export function Toggle({ id = "toggle", children }: { readonly id?: string; readonly children?: ReactNode }): ReactElement {
  const [isShown, show] = useState(true);
  return all(
    button(id, () => show(!isShown)),
    isShown ? children : null,
  );
}
