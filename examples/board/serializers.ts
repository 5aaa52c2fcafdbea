import { ModelSerializer, ValidationError } from "restwave";
import { Member, Person, Project, Task } from "./models.ts";

export class PersonSerializer extends ModelSerializer(Person, { fields: ["id", "name", "color"] }) {}

export class ProjectSerializer extends ModelSerializer(Project, {
  fields: ["id", "name", "color", "owner"],
  readOnlyFields: ["owner"],
}) {}

export class MemberSerializer extends ModelSerializer(Member, { fields: ["id", "project", "person"] }) {}

export class TaskSerializer extends ModelSerializer(Task, {
  fields: ["id", "project", "title", "notes", "status", "assignee", "position", "createdAt"],
  readOnlyFields: ["createdAt"],
}) {
  override async validate(attributes: NewTask): Promise<NewTask> {
    const projectId = this.instance?.projectId ?? attributes.projectId;
    if ((attributes.projectId ?? projectId) !== projectId)
      throw new ValidationError({ project: ["A task stays in its project."] });
    await checkAssignee(attributes.assigneeId ?? null, projectId);
    return attributes;
  }
}

type NewTask = TaskSerializer["types"]["validated"];

async function checkAssignee(personId: number | null, projectId: number): Promise<void> {
  if (personId === null || (await Member.objects.filter({ projectId, personId }).exists())) return;
  throw new ValidationError({ assignee: ["Only members of the project can be assigned to its tasks."] });
}
