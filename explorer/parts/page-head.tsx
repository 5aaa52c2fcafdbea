import type { ReactNode } from "react";
import { useTitle } from "../state/use-title.ts";

/** The heading of a view, which is also the document's title, and what can be done there. */
export function PageHead({
  title,
  about,
  children,
  crumbs,
}: {
  title: string;
  about?: ReactNode;
  children?: ReactNode;
  crumbs?: ReactNode;
}) {
  useTitle(title);
  return (
    <header className="page-head">
      <div className="page-title">
        {crumbs !== undefined && (
          <nav className="crumbs" aria-label="Above">
            {crumbs}
          </nav>
        )}
        <h1 tabIndex={-1}>{title}</h1>
        {about !== undefined && <div className="page-about muted">{about}</div>}
      </div>
      {children !== undefined && <div className="page-actions">{children}</div>}
    </header>
  );
}
