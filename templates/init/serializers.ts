import { ModelSerializer } from "restwave";
import { Task } from "./models.ts";

export class TaskSerializer extends ModelSerializer(Task, {
  fields: ["id", "title", "done", "createdAt"],
  readOnlyFields: ["createdAt"],
}) {}
