import { ModelSerializer, ValidationError } from "restwave";
import { User } from "./models.ts";
import { hashPassword } from "./password.ts";

export class UserSerializer extends ModelSerializer(User, {
  fields: ["id", "username", "email", "password"],
  extraKwargs: { password: { writeOnly: true } },
}) {
  /** A password comes as `password`, or twice as `password1` and `password2`. Left out of an update it stays as it is. */
  override async toInternalValue(data: unknown): Promise<object> {
    if (!isRecord(data)) return super.toInternalValue(data);
    const sent = "password1" in data ? { ...data, password: data.password1 } : data;
    const keepsPassword = this.instance !== null && !("password" in sent);
    const attributes = await super.toInternalValue(keepsPassword ? { ...sent, password: this.instance.password } : sent);
    const { password: trimmed, ...others }: { password?: unknown } = { ...attributes };
    if (trimmed === undefined || keepsPassword) return others;
    // Spaces around a text are cut off, but in a password they count.
    return { ...others, password: typeof sent.password === "string" ? sent.password : trimmed };
  }

  override validate(attributes: NewUser): NewUser {
    checkPair(this.initialData);
    return attributes;
  }

  override async create(validated: NewUser): Promise<UserRow> {
    return super.create({ ...validated, password: await hashPassword(validated.password) });
  }

  override async update(row: UserRow, validated: Partial<NewUser>): Promise<UserRow> {
    if (validated.password === undefined) return super.update(row, validated);
    return super.update(row, { ...validated, password: await hashPassword(validated.password) });
  }
}

type UserRow = UserSerializer["types"]["row"];
type NewUser = UserSerializer["types"]["validated"];

function checkPair(data: unknown): void {
  if (!isRecord(data) || !("password1" in data || "password2" in data)) return;
  for (const name of ["password1", "password2"]) {
    if (data[name] === undefined) throw new ValidationError({ [name]: ["This field is required."] });
  }
  if (data.password1 !== data.password2) throw new ValidationError({ password2: ["The two password fields didn't match."] });
}

function isRecord(data: unknown): data is Record<string, unknown> {
  return typeof data === "object" && data !== null && !Array.isArray(data);
}
