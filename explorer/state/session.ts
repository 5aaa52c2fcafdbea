import type { ExplorerContract, ListedUser } from "../../src/explorer/inspection.ts";
import type { Identity } from "../wire/identity.ts";
import { Inspector } from "../wire/inspector.ts";
import { Lines } from "../wire/lines.ts";
import { WireLog } from "../wire/tap.ts";
import { Watches } from "../wire/watches.ts";
import { loadContract } from "../contract/load-contract.ts";
import { Store } from "./store.ts";

const STORED_USER = "restwave-explorer-user";

/** All that the page knows and holds open. */
export class Session {
  readonly contract: Store<ExplorerContract>;
  readonly inspector = new Inspector();
  readonly log = new WireLog();
  readonly watches = new Watches();
  readonly lines: Store<Lines>;
  /** Values for the parameters of paths, by pattern. */
  readonly parameters = new Store<Readonly<Record<string, Readonly<Record<string, string>>>>>({});
  #contractText: string;

  constructor(contract: ExplorerContract) {
    this.contract = new Store(contract);
    this.#contractText = JSON.stringify(contract);
    this.lines = new Store(this.#linesAs(storedIdentity(contract)));
    this.#reloadWithServer();
  }

  /** Everything is asked anew, as somebody else. */
  become(identity: Identity): void {
    const before = this.lines.get();
    this.watches.clear();
    this.lines.set(this.#linesAs(identity));
    before.close();
    storeIdentity(identity);
  }

  /** The same again, over new connections. */
  reconnect(): void {
    this.become(this.lines.get().identity);
  }

  #linesAs(identity: Identity): Lines {
    return new Lines(identity, this.log, (as) => this.#ticketFor(as));
  }

  async #ticketFor(identity: Identity): Promise<string | null> {
    if (identity.kind !== "user") return null;
    const { ticket } = await this.inspector.logInAs(identity.user);
    return ticket;
  }

  /** A server that has started anew may serve something else. */
  #reloadWithServer(): void {
    const { connection } = this.inspector.client;
    let wasOpen = false;
    connection.subscribe(() => {
      if (connection.state.status !== "open") return;
      if (wasOpen) void this.#reload();
      wasOpen = true;
    });
  }

  async #reload(): Promise<void> {
    const loaded = await loadContract().catch(() => null);
    const text = JSON.stringify(loaded);
    if (loaded === null || text === this.#contractText) return;
    this.#contractText = text;
    this.contract.set(loaded);
  }
}

/** Who the page was logged in as before it was loaded again. Tokens are not kept. */
function storedIdentity({ logsInAs }: ExplorerContract): Identity {
  const text = logsInAs ? sessionStorage.getItem(STORED_USER) : null;
  if (text === null) return { kind: "browser" };
  const user: ListedUser = JSON.parse(text);
  return { kind: "user", user };
}

function storeIdentity(identity: Identity): void {
  if (identity.kind === "user") sessionStorage.setItem(STORED_USER, JSON.stringify(identity.user));
  else sessionStorage.removeItem(STORED_USER);
}
