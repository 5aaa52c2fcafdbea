import { z } from "zod";
import {
  action,
  BasePermission,
  CreateModelMixin,
  type Database,
  DeleteModelMixin,
  GenericAsyncAPIConsumer,
  type MessageArguments,
  mixins,
  ModelSerializer,
  noReply,
  PatchModelMixin,
  PermissionDenied,
  reply,
  type Scope,
  UpdateModelMixin,
} from "../../src/index.ts";
import type { TableBuilder } from "../databases/table-builder.ts";

/** What a test may switch while connections are open. */
export interface Switches {
  /** Actions that nobody may call. */
  readonly denied: Set<string>;
  /** Awaited by `performCreate` and `spend` after they wrote a note, inside the transaction. */
  afterWrite: (title: string) => Promise<void> | void;
}

/** The tables of the laboratory. */
export function noteTables({ table, id, text, integer, boolean, wideInteger }: TableBuilder) {
  const notes = table("note", {
    id: id(),
    title: text().notNull().unique(),
    owner: text().notNull(),
    locked: boolean().notNull().default(false),
    hits: integer().notNull().default(0),
    big: wideInteger(),
  });
  return { notes };
}

/** A resource of notes: users see their own, `root` sees all; nobody may touch a locked one. */
export function declareLab(db: Database, { notes }: ReturnType<typeof noteTables>) {
  const Note = db.model(notes);
  const switches: Switches = { denied: new Set(), afterWrite: () => {} };

  class LabPermission extends BasePermission {
    override hasPermission(_scope: Scope, _consumer: unknown, name: string): boolean {
      return !switches.denied.has(name);
    }
    override hasObjectPermission(_scope: Scope, _consumer: unknown, _name: string, row: unknown): boolean {
      return Reflect.get(Object(row), "locked") !== true;
    }
  }

  class NoteSerializer extends ModelSerializer(Note, { fields: ["id", "title", "owner", "hits", "locked"] }) {}

  class NoteConsumer extends mixins(
    GenericAsyncAPIConsumer({
      queryset: Note.objects.all(),
      serializerClass: NoteSerializer,
      permissionClasses: [LabPermission],
    }),
    CreateModelMixin,
    UpdateModelMixin,
    PatchModelMixin,
    DeleteModelMixin,
  ) {
    override async getQueryset(args: MessageArguments) {
      const all = await super.getQueryset(args);
      const owner = String(this.scope.user?.id ?? "nobody");
      return owner === "root" ? all : all.filter({ owner });
    }

    override async performCreate(...[serializer, args]: Parameters<InstanceType<typeof Creating>["performCreate"]>) {
      await serializer.save();
      await switches.afterWrite(String(Reflect.get(Object(args["data"]), "title")));
    }

    /** Opted in: takes a key. */
    spend = action({ idempotent: db, input: z.strictObject({ pk: z.number(), by: z.number() }) }, async ({ pk, by }) => {
      const note = await this.getObject({ pk });
      await Note.objects.filter({ id: pk }).update({ hits: note.hits + by });
      await switches.afterWrite(note.title);
      return reply({ hits: note.hits + by }, 202);
    });
    /** Not opted in. */
    hit = action({}, async ({ pk }) => {
      const note = await Note.objects.get({ id: Number(pk) });
      await Note.objects.filter({ id: note.id }).update({ hits: note.hits + 1 });
    });
    refuse = action({ idempotent: db }, async () => {
      await Note.objects.create({ title: "refused", owner: "ann" });
      throw new PermissionDenied();
    });
    talk = action({ idempotent: db }, async () => {
      await Note.objects.create({ title: "talked", owner: "ann" });
      return noReply;
    });
    digits = action({ idempotent: db }, async () => {
      const hits = await Note.objects.all().count();
      await Note.objects.create({ title: `digits ${hits}`, owner: "ann" });
      return { count: hits, big: 2n ** 63n + 1n, half: 0.5, text: "é\u2028\ud83d\ude00" };
    });
  }
  const Creating = CreateModelMixin(GenericAsyncAPIConsumer({ queryset: Note.objects.all(), serializerClass: NoteSerializer }));

  return { db, Note, NoteConsumer, switches };
}

export type Lab = ReturnType<typeof declareLab>;
