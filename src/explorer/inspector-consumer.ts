import { action } from "../consumers/action.ts";
import { AsyncAPIConsumer } from "../consumers/async-api-consumer.ts";
import type { PermissionConsumer } from "../permissions/base-permission.ts";
import { BasePermission } from "../permissions/base-permission.ts";
import { CloseCode } from "../protocol/close-codes.ts";
import { APIException, PermissionDenied } from "../protocol/exceptions.ts";
import type { Scope } from "../protocol/scope.ts";
import type { InspectorDesk } from "./inspector-desk.ts";
import { explainEventInput, explainRequestInput, searchInput, userInput } from "./inspector-input.ts";
import { isOwnPage } from "./is-own-page.ts";

/**
 * The inspector's socket, for the explorer's page alone: what is going on, why something was refused or did not arrive, and tickets with which the page is
 * somebody else. Its wire is private and may change with any release.
 */
export abstract class InspectorConsumer extends AsyncAPIConsumer {
  protected abstract readonly desk: InspectorDesk;
  override permissionClasses = [MayInspect];
  override throttleClasses = [];
  override ordered = false;

  /** What is going on, at once and then whenever it has changed, at most twice a second. */
  watch = action((_input, { signal }) => this.desk.watch(this.connection.settings, signal));

  explainRequest = action({ input: explainRequestInput }, (input) => this.desk.explainRequest(input, this.connection.settings));

  explainEvent = action({ input: explainEventInput }, (input) => this.desk.explainEvent(input, this.connection.settings));

  users = action({ input: searchInput }, ({ search = "" }) => this.desk.listUsers(search));

  logInAs = action({ input: userInput }, (user) => this.desk.logInAs(user));

  /** @throws what the gate throws; PermissionDenied (403) to a page of another origin. */
  async admit(): Promise<void> {
    const { gate, trustProxy } = this.desk.parts;
    await gate.admit(this.scope, this);
    if (isOwnPage(this.scope.headers, trustProxy)) return;
    throw new PermissionDenied(
      "The inspector answers the explorer's own page only. Behind a proxy that renames the host, set trustProxy.",
    );
  }

  /** Whoever is connected has changed, or what they may: they may not be welcome any more. */
  override async refresh(): Promise<void> {
    try {
      await this.admit();
    } catch (error) {
      if (!(error instanceof APIException) || error.status >= 500) throw error;
      await this.close(CloseCode.credentialsRevoked, "The explorer is not open to this user any more.");
    }
  }
}

class MayInspect extends BasePermission {
  override async canConnect(_scope: Scope, consumer: PermissionConsumer): Promise<boolean> {
    return admits(consumer);
  }

  override async hasPermission(_scope: Scope, consumer: PermissionConsumer): Promise<boolean> {
    return admits(consumer);
  }
}

async function admits(consumer: PermissionConsumer): Promise<boolean> {
  if (!(consumer instanceof InspectorConsumer)) return false;
  await consumer.admit();
  return true;
}
