// Made by `restwave types`. Make it again instead of changing it.

import type { DeclaredStreams } from "restwave/client";

export interface Person {
  readonly id: number;
  readonly name: string;
  readonly color: "violet" | "blue" | "teal" | "green" | "amber" | "rose";
}

export interface Project {
  readonly id: number;
  readonly name: string;
  readonly color: "violet" | "blue" | "teal" | "green" | "amber" | "rose";
  readonly owner: number;
}

export interface ProjectInput {
  readonly name: string;
  readonly color?: "violet" | "blue" | "teal" | "green" | "amber" | "rose";
}

export interface ProjectPatch {
  readonly name?: string;
  readonly color?: "violet" | "blue" | "teal" | "green" | "amber" | "rose";
}

export interface Member {
  readonly id: number;
  readonly project: number;
  readonly person: number;
}

export interface MemberInput {
  readonly project: number;
  readonly person: number;
}

export interface Task {
  readonly id: number;
  readonly project: number;
  readonly title: string;
  readonly notes: string;
  readonly status: "todo" | "doing" | "done";
  readonly assignee: number | null;
  readonly position: string;
  readonly createdAt: string;
}

export interface TaskInput {
  readonly project: number;
  readonly title: string;
  readonly notes?: string;
  readonly status?: "todo" | "doing" | "done";
  readonly assignee?: number | null;
  readonly position: string;
}

export interface TaskPatch {
  readonly project?: number;
  readonly title?: string;
  readonly notes?: string;
  readonly status?: "todo" | "doing" | "done";
  readonly assignee?: number | null;
  readonly position?: string;
}

export interface PeopleActions {
  cancel(args: { readonly cancel_request_id: string | number | boolean | null }): Promise<{ readonly cancelled: number }>;
  list(args?: {
    readonly ordering?:
      "id" | "-id" | "name" | "-name" | "color" | "-color" | readonly ("id" | "-id" | "name" | "-name" | "color" | "-color")[];
  }): Promise<Person[]>;
  subscribeList(args: {
    readonly ordering?:
      "id" | "-id" | "name" | "-name" | "color" | "-color" | readonly ("id" | "-id" | "name" | "-name" | "color" | "-color")[];
    readonly since?: string | null;
  }): Promise<Person[] | null>;
  unsubscribeList(args?: Readonly<Record<string, unknown>>): Promise<null>;
  subscribeCount(args: { readonly since?: string | null }): Promise<{ readonly count: number } | null>;
  unsubscribeCount(args?: Readonly<Record<string, unknown>>): Promise<null>;
}

export interface ProjectsActions {
  cancel(args: { readonly cancel_request_id: string | number | boolean | null }): Promise<{ readonly cancelled: number }>;
  list(args?: {
    readonly ordering?:
      | "id"
      | "-id"
      | "name"
      | "-name"
      | "color"
      | "-color"
      | "owner"
      | "-owner"
      | readonly ("id" | "-id" | "name" | "-name" | "color" | "-color" | "owner" | "-owner")[];
  }): Promise<Project[]>;
  retrieve(args: { readonly pk: number }): Promise<Project>;
  create(args: { readonly data: ProjectInput }): Promise<Project>;
  patch(args: { readonly pk: number; readonly data: ProjectPatch }): Promise<Project>;
  delete(args: { readonly pk: number }): Promise<null>;
  subscribeList(args: {
    readonly ordering?:
      | "id"
      | "-id"
      | "name"
      | "-name"
      | "color"
      | "-color"
      | "owner"
      | "-owner"
      | readonly ("id" | "-id" | "name" | "-name" | "color" | "-color" | "owner" | "-owner")[];
    readonly since?: string | null;
  }): Promise<Project[] | null>;
  unsubscribeList(args?: Readonly<Record<string, unknown>>): Promise<null>;
  subscribeCount(args: { readonly since?: string | null }): Promise<{ readonly count: number } | null>;
  unsubscribeCount(args?: Readonly<Record<string, unknown>>): Promise<null>;
}

export interface MembersActions {
  cancel(args: { readonly cancel_request_id: string | number | boolean | null }): Promise<{ readonly cancelled: number }>;
  list(args?: {
    readonly filters?: { readonly project__exact?: number; readonly project?: number };
    readonly ordering?:
      | "id"
      | "-id"
      | "project"
      | "-project"
      | "person"
      | "-person"
      | readonly ("id" | "-id" | "project" | "-project" | "person" | "-person")[];
  }): Promise<Member[]>;
  create(args: { readonly data: MemberInput }): Promise<Member>;
  delete(args: { readonly pk: number }): Promise<null>;
  subscribeList(args: {
    readonly filters?: { readonly project__exact?: number; readonly project?: number };
    readonly ordering?:
      | "id"
      | "-id"
      | "project"
      | "-project"
      | "person"
      | "-person"
      | readonly ("id" | "-id" | "project" | "-project" | "person" | "-person")[];
    readonly since?: string | null;
  }): Promise<Member[] | null>;
  unsubscribeList(args?: Readonly<Record<string, unknown>>): Promise<null>;
  subscribeCount(args: {
    readonly filters?: { readonly project__exact?: number; readonly project?: number };
    readonly since?: string | null;
  }): Promise<{ readonly count: number } | null>;
  unsubscribeCount(args?: Readonly<Record<string, unknown>>): Promise<null>;
}

export interface TasksActions {
  cancel(args: { readonly cancel_request_id: string | number | boolean | null }): Promise<{ readonly cancelled: number }>;
  list(args?: {
    readonly filters?: {
      readonly project__exact?: number;
      readonly project?: number;
      readonly status__exact?: "todo" | "doing" | "done";
      readonly status__in?: readonly ("todo" | "doing" | "done")[];
      readonly status?: "todo" | "doing" | "done";
      readonly assignee__exact?: number | null;
      readonly assignee__isnull?: boolean;
      readonly assignee?: number | null;
    };
    readonly search?: string;
    readonly ordering?:
      | "position"
      | "-position"
      | "createdAt"
      | "-createdAt"
      | "title"
      | "-title"
      | readonly ("position" | "-position" | "createdAt" | "-createdAt" | "title" | "-title")[];
  }): Promise<Task[]>;
  retrieve(args: { readonly pk: number }): Promise<Task>;
  create(args: { readonly data: TaskInput }): Promise<Task>;
  patch(args: { readonly pk: number; readonly data: TaskPatch }): Promise<Task>;
  delete(args: { readonly pk: number }): Promise<null>;
  subscribeList(args: {
    readonly filters?: {
      readonly project__exact?: number;
      readonly project?: number;
      readonly status__exact?: "todo" | "doing" | "done";
      readonly status__in?: readonly ("todo" | "doing" | "done")[];
      readonly status?: "todo" | "doing" | "done";
      readonly assignee__exact?: number | null;
      readonly assignee__isnull?: boolean;
      readonly assignee?: number | null;
    };
    readonly search?: string;
    readonly ordering?:
      | "position"
      | "-position"
      | "createdAt"
      | "-createdAt"
      | "title"
      | "-title"
      | readonly ("position" | "-position" | "createdAt" | "-createdAt" | "title" | "-title")[];
    readonly since?: string | null;
  }): Promise<Task[] | null>;
  unsubscribeList(args?: Readonly<Record<string, unknown>>): Promise<null>;
  subscribeCount(args: {
    readonly filters?: {
      readonly project__exact?: number;
      readonly project?: number;
      readonly status__exact?: "todo" | "doing" | "done";
      readonly status__in?: readonly ("todo" | "doing" | "done")[];
      readonly status?: "todo" | "doing" | "done";
      readonly assignee__exact?: number | null;
      readonly assignee__isnull?: boolean;
      readonly assignee?: number | null;
    };
    readonly search?: string;
    readonly since?: string | null;
  }): Promise<{ readonly count: number } | null>;
  unsubscribeCount(args?: Readonly<Record<string, unknown>>): Promise<null>;
  subscribeInstance(args: {
    readonly pk: number;
    readonly snapshot?: boolean;
    readonly since?: string | null;
  }): Promise<Task | null>;
  unsubscribeInstance(args: { readonly pk: number }): Promise<null>;
}

export interface Routes {
  readonly "/ws/": DeclaredStreams<{
    readonly people: PeopleActions;
    readonly projects: ProjectsActions;
    readonly members: MembersActions;
    readonly tasks: TasksActions;
  }>;
}

export type Api = Routes["/ws/"];
