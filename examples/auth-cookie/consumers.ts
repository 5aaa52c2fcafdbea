import {
  CreateModelMixin,
  DeleteModelMixin,
  GenericAsyncAPIConsumer,
  IsAuthenticated,
  ListModelMixin,
  type MessageArguments,
  mixins,
  ModelSerializer,
  NotAuthenticated,
  RetrieveModelMixin,
} from "restwave";
import { Note } from "./models.ts";

class NoteSerializer extends ModelSerializer(Note, { fields: ["id", "text"] }) {}

/** Everybody's own notes: a row of somebody else is answered 404, as one that does not exist. */
export class NoteConsumer extends mixins(
  GenericAsyncAPIConsumer({
    queryset: Note.objects.all(),
    serializerClass: NoteSerializer,
    permissionClasses: [IsAuthenticated],
  }),
  ListModelMixin,
  RetrieveModelMixin,
  CreateModelMixin,
  DeleteModelMixin,
) {
  override getQueryset(_args: MessageArguments) {
    return Note.objects.filter({ ownerId: this.userId });
  }

  override async performCreate(serializer: NoteSerializer): Promise<void> {
    await serializer.save({ ownerId: this.userId });
  }

  private get userId(): number {
    if (this.scope.user === null) throw new NotAuthenticated();
    return Number(this.scope.user.id);
  }
}
