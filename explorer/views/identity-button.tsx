import { useState } from "react";
import { Icon } from "../parts/icon.tsx";
import { useLines, useSession } from "../state/session-context.tsx";
import { useStore } from "../state/use-store.ts";
import { IdentityDialog } from "./identity-dialog.tsx";

/** Who one is, to the server; and the way to be somebody else. */
export function IdentityButton() {
  const { inspector } = useSession();
  const lines = useLines();
  const all = useStore(lines.all);
  const server = useStore(inspector.server);
  const [isOpen, setOpen] = useState(false);
  const tags = new Set(all.map(({ tag }) => tag));
  const seen = server?.connections.find(({ tag, user }) => user !== null && tag !== null && tags.has(tag))?.user ?? null;
  const { identity } = lines;
  const name = identity.kind === "user" ? identity.user.name : (seen?.name ?? (identity.kind === "token" ? "Token" : "Nobody"));
  return (
    <>
      <button
        type="button"
        className="quiet identity-button"
        data-shortcut="l"
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        <Icon name="user" />
        <span className="hidden">Calling as</span>
        <span className="identity-name">{name}</span>
      </button>
      {isOpen && <IdentityDialog onClose={() => setOpen(false)} />}
    </>
  );
}
