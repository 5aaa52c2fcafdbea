import { Component, type ReactNode } from "react";
import { all, button, shown } from "./elements.ts";

/** Shows the error of what is in it, and a button that tries again. */
export class Boundary extends Component<{ readonly children?: ReactNode }, { readonly error: Error | null }> {
  override state: { readonly error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error): { readonly error: Error } {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return all(
      shown("caught", error.message),
      button("again", () => this.setState({ error: null })),
    );
  }
}
