import { Child } from "../child.ts";
import type { AudienceOrder, OpenOrder, Publication, PublishOrder, SubscribeOrder } from "./audience.ts";

/** Everybody who listens to one server, and one who writes there. */
export class AudienceProcess extends Child {
  constructor(script: string) {
    super(script, [], []);
  }

  async open(order: Omit<OpenOrder, "kind">): Promise<void> {
    await this.order({ ...order, kind: "open" } satisfies AudienceOrder);
  }

  async subscribe(order: Omit<SubscribeOrder, "kind">): Promise<void> {
    await this.order({ ...order, kind: "subscribe" } satisfies AudienceOrder);
  }

  async publish(order: Omit<PublishOrder, "kind">): Promise<Publication> {
    return (await this.order({ ...order, kind: "publish" } satisfies AudienceOrder)) as Publication;
  }

  async sample(): Promise<string> {
    return (await this.order({ kind: "sample" } satisfies AudienceOrder)) as string;
  }

  stop(): Promise<void> {
    return this.end();
  }
}
