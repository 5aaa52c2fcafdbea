import { useEffect, useState } from "react";
import { RestwaveProvider } from "restwave/react";
import { type BoardClient, connect, type Person } from "./client.ts";
import { Login } from "./login.tsx";
import { Notices } from "./notices.tsx";
import { currentPerson, logOut } from "./session.ts";
import { Workspace } from "./workspace.tsx";

interface Session {
  readonly person: Person;
  readonly client: BoardClient;
}

/** Logged in or not: one client for each user, closed when the user leaves. */
export function App() {
  const [session, setSession] = useState<Session | "unknown" | null>("unknown");
  const begin = (person: Person | null) => setSession(person === null ? null : { person, client: connect() });

  useEffect(() => {
    currentPerson().then(begin, () => begin(null));
  }, []);

  if (session === "unknown") return null;
  if (session === null) return <Login onLogin={begin} />;
  const end = () => {
    session.client.close();
    setSession(null);
  };
  return (
    <RestwaveProvider client={session.client}>
      <Notices>
        <Workspace person={session.person} onLogOut={() => void logOut().finally(end)} onSessionLost={end} />
      </Notices>
    </RestwaveProvider>
  );
}
