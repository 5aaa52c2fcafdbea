import { type ReactElement, type ReactNode, useEffect, useRef } from "react";

interface ListItemProps {
  /** Said to screen readers with what the buttons do. */
  readonly name: string;
  readonly index: number;
  readonly count: number;
  readonly onRemove: () => void;
  readonly onMove: (to: number) => void;
  readonly children: ReactNode;
}

/** An item of a list, and what can be done with it. */
export function ListItem({ name, index, count, onRemove, onMove, children }: ListItemProps): ReactElement {
  const pressed = useRef<HTMLButtonElement | null>(null);
  // The browser takes the focus away from what moves in the page.
  useEffect(() => {
    pressed.current?.focus();
    pressed.current = null;
  }, [index]);
  const move = (to: number, button: HTMLButtonElement): void => {
    if (to < 0 || to >= count) return;
    pressed.current = button;
    onMove(to);
  };
  const mover = (to: number, sign: string, words: string): ReactElement => (
    <button
      type="button"
      className="sf-button sf-icon"
      aria-disabled={to < 0 || to >= count}
      aria-label={`Move ${name} ${words}`}
      title={`Move ${words}`}
      onClick={(event) => move(to, event.currentTarget)}
    >
      {sign}
    </button>
  );
  return (
    <li className="sf-item">
      <div className="sf-item-body">{children}</div>
      <span className="sf-item-buttons">
        {mover(index - 1, "↑", "up")}
        {mover(index + 1, "↓", "down")}
        <button type="button" className="sf-button sf-icon" aria-label={`Remove ${name}`} title="Remove" onClick={onRemove}>
          ×
        </button>
      </span>
    </li>
  );
}
