import { BasePermission } from "./base-permission.ts";

/** Lets everybody in. The same as no permission at all, but said aloud; it also switches a server's default permissions off. */
export class AllowAny extends BasePermission {
  override hasPermission(): boolean {
    return true;
  }
}
