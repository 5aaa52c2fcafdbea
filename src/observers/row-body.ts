import { type AnyGenericConsumer, type AnySerializerClass, GenericConsumer } from "../consumers/generic-async-api-consumer.ts";
import type { LoggedRow } from "../models/change-log/change.ts";
import type { MaybePromise } from "../models/database.ts";
import { toJsonValue } from "../models/json-value.ts";
import type { AnyModel } from "../models/model.ts";
import type { MessageArguments } from "../protocol/arguments.ts";
import { encodeJson } from "../protocol/json.ts";
import { readsOnly, sharesRepresentation } from "../serializers/shares-representation.ts";

/** Who gets a row, and for what. */
export interface RowAudience {
  readonly consumer: AnyGenericConsumer;
  readonly model: AnyModel;
  /** The event's action: `create` or `update`. */
  readonly action: string;
  readonly args: MessageArguments;
}

/** Rows live as long as their transaction is on its way, so what was made of them does too. */
const shared = new WeakMap<LoggedRow, Map<AnySerializerClass, MaybePromise<string>>>();

/** A row as its subscriber gets it, as JSON text: made once for everybody who sees it through the same serializer, where that shows all the same. */
export function rowBody(row: LoggedRow, audience: RowAudience): MaybePromise<string> {
  const { consumer, args } = audience;
  const Serializer = consumer.getSerializerClass(args);
  if (!showsAlike(consumer, Serializer)) return representAlone(row, audience, Serializer);
  const bodies = shared.get(row) ?? new Map<AnySerializerClass, MaybePromise<string>>();
  shared.set(row, bodies);
  const known = bodies.get(Serializer);
  if (known !== undefined) return known;
  const made = represent(row, audience, Serializer);
  bodies.set(Serializer, made);
  return made;
}

/** Does a row look the same to everybody who gets it through this serializer? */
export function showsAlike(consumer: AnyGenericConsumer, Serializer: AnySerializerClass): boolean {
  return isStock(consumer) && sharesRepresentation(Serializer);
}

function isStock(consumer: AnyGenericConsumer): boolean {
  const stock = GenericConsumer.prototype;
  return consumer.getSerializer === stock.getSerializer && consumer.serializeRows === stock.serializeRows;
}

function represent(
  row: LoggedRow,
  { model, consumer, action, args }: RowAudience,
  Serializer: AnySerializerClass,
): MaybePromise<string> {
  const projection = Serializer.compiledProjection();
  if (projection !== null && projection.every(({ column }) => column in row)) {
    const shown = projection.map(({ key, column }) => [key, columnValue(model, row, column)]);
    return encodeJson(Object.fromEntries(shown));
  }
  const context = consumer.getSerializerContext(action, args);
  return representWith(Serializer, completeRow(row, model, Serializer), context);
}

async function representWith(
  Serializer: AnySerializerClass,
  row: MaybePromise<LoggedRow>,
  context: Readonly<Record<string, unknown>>,
): Promise<string> {
  const [represented] = await Serializer.representMany([await row], context);
  return encodeJson(represented);
}

function columnValue(model: AnyModel, row: LoggedRow, name: string): unknown {
  const column = name === "pk" ? model.pk : model.columns.get(name);
  return column === undefined ? null : toJsonValue(column, row[column.name]);
}

async function representAlone(row: LoggedRow, audience: RowAudience, Serializer: AnySerializerClass): Promise<string> {
  const complete = await completeRow(row, audience.model, Serializer);
  const [represented] = await audience.consumer.serializeRows([complete], audience.action, audience.args);
  return encodeJson(represented);
}

const complete = new WeakMap<LoggedRow, Promise<LoggedRow>>();

/** The log leaves sensitive columns out. Where a serializer may look at one, the row is read, once for all who need it. */
function completeRow(row: LoggedRow, model: AnyModel, Serializer: AnySerializerClass): MaybePromise<LoggedRow> {
  const logged = model.database.changes.loggedColumns(model);
  if (logged.size === model.columns.size || readsOnly(Serializer, logged)) return row;
  const known = complete.get(row);
  if (known !== undefined) return known;
  const read = readRow(row, model);
  complete.set(row, read);
  return read;
}

/** What the log knows wins: the row may have changed since. */
async function readRow(row: LoggedRow, model: AnyModel): Promise<LoggedRow> {
  const found: LoggedRow | null = await model.objects.filterUntrusted({ [model.pk.name]: row[model.pk.name] }).first();
  return { ...found, ...row };
}
