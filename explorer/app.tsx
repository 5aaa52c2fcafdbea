import { useEffect, useState } from "react";
import { ContractError, loadContract } from "./contract/load-contract.ts";
import { Notice } from "./parts/notice.tsx";
import { Skeleton } from "./parts/skeleton.tsx";
import { locationStore } from "./router/location.ts";
import { routeOf } from "./router/route.ts";
import { SessionContext } from "./state/session-context.tsx";
import { Session } from "./state/session.ts";
import { useStore } from "./state/use-store.ts";
import { CurrentView } from "./views/current-view.tsx";
import { Shell } from "./views/shell.tsx";

/** Milliseconds between two attempts to read the contract. */
const PAUSE = 2000;

type Loading = { readonly session: Session } | { readonly problem: string | null };

/** The page, once it knows what the server serves. */
export function App() {
  const [loading, setLoading] = useState<Loading>({ problem: null });
  useEffect(() => {
    let isOver = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const load = async (): Promise<void> => {
      try {
        const contract = await loadContract();
        if (!isOver) setLoading({ session: new Session(contract) });
      } catch (error) {
        if (isOver) return;
        setLoading({ problem: error instanceof ContractError ? error.message : "The server cannot be reached." });
        timer = setTimeout(() => void load(), PAUSE);
      }
    };
    void load();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, []);
  if ("session" in loading)
    return (
      <SessionContext value={loading.session}>
        <Explorer />
      </SessionContext>
    );
  return (
    <main className="starting" aria-busy="true">
      <h1 className="hidden">Explorer</h1>
      {loading.problem === null ? (
        <Skeleton rows={6} label="Loading the explorer" />
      ) : (
        <Notice tone="bad" icon="connections" title={loading.problem}>
          It is asked again every two seconds.
        </Notice>
      )}
    </main>
  );
}

function Explorer() {
  const { path } = useStore(locationStore);
  const route = routeOf(path);
  return (
    <Shell route={route}>
      <CurrentView route={route} />
    </Shell>
  );
}
