import type { BasePermission } from "../permissions/base-permission.ts";
import { CompositePermission, judgesObjects } from "../permissions/composite-permission.ts";
import { permissionName } from "../permissions/permission-name.ts";
import { whenGranted, type Verdict } from "../permissions/verdict.ts";
import { APIException } from "../protocol/exceptions.ts";
import type { ExplainedStep } from "./inspection.ts";
import { type Finding, SAID_NO } from "./explanation-steps.ts";

/** What permissions are asked about: an action, or an object that it touches. */
export interface PermissionQuestion {
  readonly kind: "permission" | "object_permission";
  /** May the action be called? */
  action(permission: BasePermission): Verdict;
  /** May it touch the object? */
  object(permission: BasePermission): Verdict;
}

/** What one permission says, with what each of its operands says if it is made of others. */
export async function explainPermission(permission: BasePermission, question: PermissionQuestion): Promise<Finding> {
  const verdict = await (question.kind === "permission" ? question.action(permission) : question.object(permission));
  const detail = verdict === true ? "Said yes." : (permission.message ?? SAID_NO);
  if (!(permission instanceof CompositePermission)) {
    const isSilent = question.kind === "object_permission" && !judgesObjects(permission);
    return { passed: verdict === true, detail: isSilent ? "Does not look at objects." : detail };
  }
  const operands: ExplainedStep[] = [];
  for (const operand of permission.operands) operands.push(await explainOperand(permission, operand, question));
  return { passed: verdict === true, detail, operands };
}

/** An operand of `or` grants an object only where it grants the action too. */
async function explainOperand(
  permission: CompositePermission,
  operand: BasePermission,
  question: PermissionQuestion,
): Promise<ExplainedStep> {
  const { kind } = question;
  const name = permissionName(operand);
  const isOr = permission.constructor.name === "Or";
  try {
    const found = await explainPermission(operand, question);
    if (kind === "permission" || !isOr || found.passed === false) return { kind, name, ...found };
    const grants = await whenGranted(question.action(operand), () => true);
    return { kind, name, ...found, ...(grants ? {} : { passed: false, detail: "Said no to the action itself." }) };
  } catch (error) {
    if (!(error instanceof APIException) || error.status >= 500) throw error;
    return { kind, name, passed: false, detail: `${error.status}: ${error.message}` };
  }
}
