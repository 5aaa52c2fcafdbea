import { sql, type Table } from "drizzle-orm";
import { onTestFinished } from "vitest";
import { checkRoutes, type CheckOptions } from "../../src/checks/check-routes.ts";
import type { Finding, FindingCode } from "../../src/checks/finding.ts";
import type { ConsumerClass } from "../../src/consumers/connection.ts";
import { CreateModelMixin, GenericAsyncAPIConsumer, ListModelMixin, mixins, ModelSerializer, path } from "../../src/index.ts";
import type { AnyModel } from "../../src/models/model.ts";
import type { OpenDatabase, TestDatabase } from "../databases/test-database.ts";

/** A database of one test, with these tables in it. */
export async function opened(on: TestDatabase, tables: readonly Table[] = []): Promise<OpenDatabase> {
  const opened = await on.open();
  onTestFinished(() => opened.close());
  await opened.create(tables);
  return opened;
}

/** Runs SQL as it stands. */
export async function run({ db }: OpenDatabase, text: string): Promise<void> {
  await db.execute(sql.raw(text));
}

/** A consumer that lists and creates rows of a model, with all columns. */
export function listing(model: AnyModel, options: object = {}): ConsumerClass {
  class RowSerializer extends ModelSerializer(model, { fields: "__all__" }) {}
  class RowConsumer extends mixins(
    GenericAsyncAPIConsumer({ queryset: model.objects.all(), serializerClass: RowSerializer, ...options }),
    ListModelMixin,
    CreateModelMixin,
  ) {}
  return RowConsumer;
}

/** What is found about one consumer at /rows/. */
export function findingsOf(consumer: ConsumerClass, options: CheckOptions = {}): Promise<readonly Finding[]> {
  return checkRoutes([path("rows/", consumer)], options);
}

export function codesOf(findings: readonly Finding[]): readonly FindingCode[] {
  return findings.map(({ code }) => code);
}
