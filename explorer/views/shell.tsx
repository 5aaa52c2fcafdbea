import { type ReactNode, useCallback, useEffect, useRef, useState } from "react";
import { Icon } from "../parts/icon.tsx";
import { Link } from "../router/link.tsx";
import { BASE, locationStore } from "../router/location.ts";
import type { Route } from "../router/route.ts";
import { announcement } from "../state/announcer.ts";
import { useContract } from "../state/session-context.tsx";
import { useShortcuts } from "../state/shortcuts.ts";
import { toggleTheme } from "../state/theme.ts";
import { useStore } from "../state/use-store.ts";
import { ConnectionBadge } from "./connection-badge.tsx";
import { HelpDialog } from "./help-dialog.tsx";
import { IdentityButton } from "./identity-button.tsx";
import { Navigation } from "./navigation.tsx";

/** What surrounds each view. */
export function Shell({ route, children }: { route: Route; children: ReactNode }) {
  const { title } = useContract();
  const [hasMenu, setMenu] = useState(false);
  const [hasHelp, setHelp] = useState(false);
  const showHelp = useCallback(() => setHelp(true), []);
  const main = useRef<HTMLElement>(null);
  useShortcuts(showHelp);
  useFocusOnNewView(main);
  return (
    <div className="shell">
      <a className="skip" href="#main" onClick={(event) => (event.preventDefault(), main.current?.focus())}>
        Skip to the content
      </a>
      <header className="top">
        <button
          type="button"
          className="quiet square menu-button"
          aria-label="Menu"
          aria-expanded={hasMenu}
          aria-controls="side"
          onClick={() => setMenu(!hasMenu)}
        >
          <Icon name={hasMenu ? "close" : "menu"} />
        </button>
        <Link className="brand" href={BASE} aria-label={title}>
          <Wave />
          <span className="brand-name">{title}</span>
        </Link>
        <div className="top-tools">
          <ConnectionBadge />
          <IdentityButton />
          <button type="button" className="quiet square theme-button" aria-label="Light or dark" onClick={toggleTheme}>
            <Icon name="sun" />
            <Icon name="moon" />
          </button>
          <button type="button" className="quiet square help-button" aria-label="Keys" onClick={showHelp}>
            <Icon name="keyboard" />
          </button>
        </div>
      </header>
      <aside id="side" className={hasMenu ? "side side-open" : "side"} aria-label="Menu">
        <Navigation route={route} onGo={() => setMenu(false)} />
      </aside>
      <main id="main" ref={main} tabIndex={-1}>
        {children}
      </main>
      <Announcer />
      {hasHelp && <HelpDialog onClose={() => setHelp(false)} />}
    </div>
  );
}

function Announcer() {
  return (
    <div className="hidden" role="status" aria-live="polite">
      {useStore(announcement)}
    </div>
  );
}

/** Whoever goes to another view hears its heading, and goes on from there. */
function useFocusOnNewView(main: { readonly current: HTMLElement | null }): void {
  const { path } = useStore(locationStore);
  const before = useRef(path);
  useEffect(() => {
    if (before.current === path) return;
    before.current = path;
    scrollTo(0, 0);
    main.current?.querySelector("h1")?.focus();
  }, [path]);
}

function Wave() {
  return (
    <svg className="wave" viewBox="0 0 32 32" width="26" height="26" aria-hidden="true">
      <rect width="32" height="32" rx="8" />
      <path d="M5 20c3.500 0 3.500-8 7-8s3.500 8 7 8 3.500-8 8-8" />
    </svg>
  );
}
