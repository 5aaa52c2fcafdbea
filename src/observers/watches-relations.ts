/** Has the consumer asked that changes of many-to-many relations are updates of its rows? */
export function watchesRelations(consumer: object): boolean {
  return Reflect.get(consumer, "observerManyToManyRelationships") === true;
}
