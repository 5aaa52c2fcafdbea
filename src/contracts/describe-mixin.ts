import { declareActions } from "../consumers/action-registry.ts";
import type { AsyncAPIConsumer } from "../consumers/async-api-consumer.ts";
import { reply, type Reply } from "../consumers/reply.ts";
import { APIException } from "../protocol/exceptions.ts";
import type { JsonSchema } from "../protocol/json-schema.ts";
import type { ConsumerContract } from "./contract.ts";
import { callableActions, describeAction } from "./describe-actions.ts";
import { isDynamic } from "./is-dynamic.ts";
import { userReading } from "./reading.ts";
import { SchemaRegistry } from "./schema-registry.ts";

/** What whoever asks may call at a consumer. */
export interface ConsumerDescription extends ConsumerContract {
  /** Schemas that are named from elsewhere: `{ "$ref": "#/schemas/User" }`. */
  readonly schemas: Readonly<Record<string, JsonSchema>>;
}

export interface DescribeActions {
  /** Answers the actions that this user may call, with what they take and give. */
  describe(): Promise<Reply<ConsumerDescription>>;
}

// oxlint-disable-next-line typescript/no-explicit-any -- a mixin's constructor takes what its base takes
type ConsumerBase = new (...args: any[]) => AsyncAPIConsumer;
// oxlint-disable-next-line typescript/no-explicit-any
type Adds<Members> = new (...args: any[]) => Members;

/**
 * Adds `describe`: what this user may call. Each action is asked for by the permissions' `hasPermission`, with `{ action }` as arguments, and those that
 * are refused are left out; serializers and filters are those that this user gets.
 */
export function DescribeMixin<B extends ConsumerBase>(Base: B): B & Adds<DescribeActions> {
  class Describe extends Base {
    async describe(): Promise<Reply<ConsumerDescription>> {
      const schemas = new SchemaRegistry();
      const takesTokens = this.connection.settings.authenticateToken !== null;
      const place = { reading: userReading, schemas, prefix: "", takesTokens };
      const actions = [];
      for (const definition of callableActions(this, takesTokens)) {
        if (definition.unguarded || (await this.#allows(definition.name))) actions.push(describeAction(this, definition, place));
      }
      return reply({ dynamic: isDynamic(this, null), schemas: schemas.schemas, actions });
    }

    async #allows(action: string): Promise<boolean> {
      try {
        await this.checkPermissions(action, { action });
        return true;
      } catch (error) {
        if (error instanceof APIException) return false;
        throw error;
      }
    }
  }
  declareActions(Describe, { describe: { unguarded: true, model: "describe" } });
  return Describe;
}
