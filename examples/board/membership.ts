import { type GenericConsumerClass, modelObserver, NotAuthenticated } from "restwave";
import { Member } from "./models.ts";

/** The projects of which a person is a member, by primary key. */
export async function projectsOf(personId: number): Promise<number[]> {
  const memberships = await Member.objects.filter({ personId }).toArray();
  return memberships.map(({ projectId }) => projectId);
}

/**
 * Adds to a consumer whose rows depend on memberships what keeps its live lists right when those change: whoever is added or removed, by this
 * server or by a statement in the database, has the subscriptions looked at again.
 */
export function MembershipMixin<B extends GenericConsumerClass>(Base: B) {
  return class WithMembership extends Base {
    readonly membershipActivity = modelObserver(Member, {
      serialize: ({ personId }) => ({ personId }),
      groupsForSignal: ({ personId }) => [`person-${personId}`],
      groupsForConsumer: ({ personId }: { personId: number }) => [`person-${personId}`],
      handle: () => this.refresh(),
    });

    override async connect(): Promise<void> {
      await super.connect();
      if (this.scope.user !== null) await this.membershipActivity.subscribe({ personId: this.personId });
    }

    get personId(): number {
      if (this.scope.user === null) throw new NotAuthenticated();
      return Number(this.scope.user.id);
    }
  };
}
