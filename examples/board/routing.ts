import { Multiplexer, path } from "restwave";
import { MemberConsumer, PersonConsumer, ProjectConsumer, TaskConsumer } from "./consumers.ts";

export const routes = [
  path("ws/", Multiplexer({ people: PersonConsumer, projects: ProjectConsumer, members: MemberConsumer, tasks: TaskConsumer })),
];
