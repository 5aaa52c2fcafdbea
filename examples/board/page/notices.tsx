import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from "react";
import { isAPIError } from "restwave/client";

interface Writes {
  /** Writes that the server has not answered yet. */
  readonly waiting: number;
  /** Counts a write while it is on its way, and tells the user when it was refused. */
  readonly perform: (write: Promise<unknown>) => void;
}

interface Notice {
  readonly id: number;
  readonly text: string;
}

const WritesContext = createContext<Writes>({ waiting: 0, perform: () => undefined });
const SHOWN_MS = 6000;

/** What is on its way, and what went wrong. */
export function useWrites(): Writes {
  return useContext(WritesContext);
}

export function Notices({ children }: { children: ReactNode }) {
  const [waiting, setWaiting] = useState(0);
  const [notices, setNotices] = useState<readonly Notice[]>([]);

  const dismiss = useCallback((id: number) => setNotices((shown) => shown.filter((notice) => notice.id !== id)), []);
  const perform = useCallback(
    (write: Promise<unknown>) => {
      setWaiting((count) => count + 1);
      write
        .catch((error: unknown) => {
          const notice = { id: Math.random(), text: textOf(error) };
          setNotices((shown) => [...shown, notice]);
          setTimeout(() => dismiss(notice.id), SHOWN_MS);
        })
        .finally(() => setWaiting((count) => count - 1));
    },
    [dismiss],
  );
  const value = useMemo(() => ({ waiting, perform }), [waiting, perform]);

  return (
    <WritesContext value={value}>
      {children}
      <div className="notices" role="status">
        {notices.map(({ id, text }) => (
          <p key={id} className="notice">
            {text}
            <button className="plain" onClick={() => dismiss(id)}>
              Dismiss
            </button>
          </p>
        ))}
      </div>
    </WritesContext>
  );
}

/** The first message of a refusal, or what else went wrong. */
function textOf(error: unknown): string {
  if (isAPIError(error)) return String(Object.values(error.fieldErrors).flat()[0] ?? error.message);
  return error instanceof Error ? error.message : String(error);
}
