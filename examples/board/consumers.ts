import {
  CreateModelMixin,
  DeleteModelMixin,
  FilterSet,
  FilterSetBackend,
  GenericAsyncAPIConsumer,
  IsAuthenticated,
  ListModelMixin,
  type MessageArguments,
  mixins,
  ObserverModelInstanceMixin,
  ObserverModelListMixin,
  OrderingFilter,
  PatchModelMixin,
  PermissionDenied,
  RetrieveModelMixin,
  SearchFilter,
  ValidationError,
} from "restwave";
import { MembershipMixin, projectsOf } from "./membership.ts";
import { db, Member, Person, Project, Task } from "./models.ts";
import { MemberSerializer, PersonSerializer, ProjectSerializer, TaskSerializer } from "./serializers.ts";

/** Everybody who may be made a member of something. */
export class PersonConsumer extends mixins(
  GenericAsyncAPIConsumer({
    queryset: Person.objects.all(),
    serializerClass: PersonSerializer,
    permissionClasses: [IsAuthenticated],
    filterBackends: [OrderingFilter],
  }),
  ListModelMixin,
  ObserverModelListMixin,
) {}

/** The projects of which one is a member. */
export class ProjectConsumer extends mixins(
  GenericAsyncAPIConsumer({
    queryset: Project.objects.all(),
    serializerClass: ProjectSerializer,
    permissionClasses: [IsAuthenticated],
    filterBackends: [OrderingFilter],
  }),
  ListModelMixin,
  RetrieveModelMixin,
  CreateModelMixin,
  PatchModelMixin,
  DeleteModelMixin,
  ObserverModelListMixin,
  MembershipMixin,
) {
  override async getQueryset(args: MessageArguments) {
    const all = await super.getQueryset(args);
    return all.filter({ id__in: await projectsOf(this.personId) });
  }

  /** Whoever makes a project owns it, and is its first member. */
  override async performCreate(serializer: ProjectSerializer): Promise<void> {
    await db.atomic(async () => {
      const project = await serializer.save({ ownerId: this.personId });
      await Member.objects.create({ projectId: project.id, personId: this.personId });
    });
  }

  override async performPatch(serializer: ProjectSerializer): Promise<void> {
    this.requireOwner(serializer.instance);
    await serializer.save();
  }

  override async performDelete(project: ProjectRow): Promise<void> {
    this.requireOwner(project);
    await Project.objects.filter({ id: project.id }).delete();
  }

  private requireOwner(project: ProjectRow | null): void {
    if (project?.ownerId !== this.personId) throw new PermissionDenied("Only its owner may do that to a project.");
  }
}

/** Who belongs to which of one's own projects. */
export class MemberConsumer extends mixins(
  GenericAsyncAPIConsumer({
    queryset: Member.objects.all(),
    serializerClass: MemberSerializer,
    permissionClasses: [IsAuthenticated],
    filterBackends: [FilterSetBackend, OrderingFilter],
    filterSetClass: FilterSet(Member, { fields: { project: ["exact"] } }),
  }),
  ListModelMixin,
  CreateModelMixin,
  DeleteModelMixin,
  ObserverModelListMixin,
  MembershipMixin,
) {
  override async getQueryset(args: MessageArguments) {
    const all = await super.getQueryset(args);
    return all.filter({ project__in: await projectsOf(this.personId) });
  }

  override async performCreate(serializer: MemberSerializer): Promise<void> {
    const { projectId } = serializer.validatedData;
    await requireMember(this.personId, projectId);
    const project = await Project.objects.get({ pk: projectId });
    if (project.ownerId !== this.personId) throw new PermissionDenied("Only its owner may add members to a project.");
    await serializer.save();
  }

  /** Owners remove others, others themselves. What was assigned to them is nobody's then. */
  override async performDelete({ id, projectId, personId }: MemberRow): Promise<void> {
    const project = await Project.objects.get({ pk: projectId });
    if (personId === project.ownerId) throw new PermissionDenied("The owner of a project cannot leave it.");
    if (personId !== this.personId && project.ownerId !== this.personId)
      throw new PermissionDenied("Only its owner may remove others from a project.");
    await db.atomic(async () => {
      await Task.objects.filter({ projectId, assigneeId: personId }).update({ assigneeId: null });
      await Member.objects.filter({ id }).delete();
    });
  }
}

/** The tasks of one's own projects. */
export class TaskConsumer extends mixins(
  GenericAsyncAPIConsumer({
    queryset: Task.objects.all(),
    serializerClass: TaskSerializer,
    permissionClasses: [IsAuthenticated],
    filterBackends: [FilterSetBackend, SearchFilter, OrderingFilter],
    filterSetClass: FilterSet(Task, {
      fields: { project: ["exact"], status: ["exact", "in"], assignee: ["exact", "isnull"] },
    }),
    searchFields: ["title", "notes"],
    orderingFields: ["position", "createdAt", "title"],
    ordering: ["position"],
  }),
  ListModelMixin,
  RetrieveModelMixin,
  CreateModelMixin,
  PatchModelMixin,
  DeleteModelMixin,
  ObserverModelListMixin,
  ObserverModelInstanceMixin,
  MembershipMixin,
) {
  override async getQueryset(args: MessageArguments) {
    const all = await super.getQueryset(args);
    return all.filter({ project__in: await projectsOf(this.personId) });
  }

  override async performCreate(serializer: TaskSerializer): Promise<void> {
    await requireMember(this.personId, serializer.validatedData.projectId);
    await serializer.save({ createdAt: new Date().toISOString() });
  }
}

type ProjectRow = (typeof Project)["types"]["row"];
type MemberRow = (typeof Member)["types"]["row"];

/** Says of a project of others what is said of one that does not exist. */
async function requireMember(personId: number, projectId: number): Promise<void> {
  const own = await projectsOf(personId);
  if (!own.includes(projectId)) throw new ValidationError({ project: [`Invalid pk "${projectId}" - object does not exist.`] });
}
