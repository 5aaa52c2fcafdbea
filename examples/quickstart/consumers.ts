import {
  CreateModelMixin,
  DeleteModelMixin,
  GenericAsyncAPIConsumer,
  ListModelMixin,
  mixins,
  PatchModelMixin,
  RetrieveModelMixin,
  UpdateModelMixin,
} from "restwave";
import { User } from "./models.ts";
import { UserSerializer } from "./serializers.ts";

// prettier-ignore
export class UserConsumer extends mixins(
  GenericAsyncAPIConsumer({ queryset: User.objects.all(), serializerClass: UserSerializer }),
  ListModelMixin, RetrieveModelMixin, PatchModelMixin, UpdateModelMixin, CreateModelMixin, DeleteModelMixin,
) {}
