import type { ListedUser } from "../../src/explorer/inspection.ts";
import { useEffect, useState } from "react";
import { Dialog } from "../parts/dialog.tsx";
import { Icon } from "../parts/icon.tsx";
import { Notice } from "../parts/notice.tsx";
import { Skeleton } from "../parts/skeleton.tsx";
import { announce } from "../state/announcer.ts";
import { useContract, useLines, useSession } from "../state/session-context.tsx";
import type { Identity } from "../wire/identity.ts";

/** Chooses as whom the page calls. */
export function IdentityDialog({ onClose }: { onClose: () => void }) {
  const session = useSession();
  const { logsInAs, takesTokens } = useContract();
  const { identity } = useLines();
  const become = (next: Identity, name: string): void => {
    session.become(next);
    announce(`Now calling as ${name}.`);
    onClose();
  };
  return (
    <Dialog title="Call as" onClose={onClose}>
      <div className="identity">
        <button
          type="button"
          aria-pressed={identity.kind === "browser"}
          className="choice"
          onClick={() => become({ kind: "browser" }, "whoever this browser is")}
        >
          <Icon name="user" />
          <span>
            <strong>Whoever this browser is</strong>
            <span className="muted">With its cookies, or as nobody</span>
          </span>
          {identity.kind === "browser" && <Icon name="check" />}
        </button>
        {takesTokens && <TokenForm onToken={(token) => become({ kind: "token", token }, "the holder of the token")} />}
        {logsInAs && <UserPicker identity={identity} onChoose={(user) => become({ kind: "user", user }, user.name)} />}
        {!logsInAs && (
          <p className="muted small">
            With the option <code>users</code> of the explorer, users can be chosen here.
          </p>
        )}
      </div>
    </Dialog>
  );
}

function TokenForm({ onToken }: { onToken: (token: string) => void }) {
  const [token, setToken] = useState("");
  return (
    <form
      className="token-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (token.trim() !== "") onToken(token.trim());
      }}
    >
      <label htmlFor="identity-token">Token</label>
      <div className="input-row">
        <input
          id="identity-token"
          type="password"
          autoComplete="off"
          value={token}
          onChange={({ target }) => setToken(target.value)}
        />
        <button disabled={token.trim() === ""}>Use it</button>
      </div>
    </form>
  );
}

function UserPicker({ identity, onChoose }: { identity: Identity; onChoose: (user: ListedUser) => void }) {
  const { inspector } = useSession();
  const [search, setSearch] = useState("");
  const [users, setUsers] = useState<readonly ListedUser[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    const controller = new AbortController();
    const ask = (): void => {
      inspector.users(search, controller.signal).then(
        (found) => {
          setUsers(found);
          setProblem(null);
        },
        (error: unknown) => {
          if (!controller.signal.aborted) setProblem(error instanceof Error ? error.message : String(error));
        },
      );
    };
    const timer = setTimeout(ask, users === null ? 0 : 200);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [search, inspector]);
  return (
    <div className="user-picker">
      <label htmlFor="identity-search">Find a user</label>
      <input
        id="identity-search"
        type="search"
        autoComplete="off"
        value={search}
        onChange={({ target }) => setSearch(target.value)}
      />
      {problem !== null && <Notice tone="bad" title={problem} />}
      {users === null && problem === null && <Skeleton rows={3} label="Loading users" />}
      {users?.length === 0 && <p className="muted">No user matches.</p>}
      <ul className="user-list" aria-label="Users">
        {users?.map((user) => {
          const isCurrent = identity.kind === "user" && identity.user.id === user.id;
          return (
            <li key={user.id}>
              <button type="button" className="choice" aria-pressed={isCurrent} onClick={() => onChoose(user)}>
                <span className="avatar" aria-hidden="true">
                  {user.name.slice(0, 1).toUpperCase()}
                </span>
                <span>
                  <strong>{user.name}</strong>
                  {user.id !== user.name && <span className="muted">id {user.id}</span>}
                </span>
                {isCurrent && <Icon name="check" />}
              </button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
