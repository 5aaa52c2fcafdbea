/**
 * Are two parsed JSON values the same to a client? Key order does not matter, `-0` is `0`, and a number that one side wrote as an integer of
 * many digits and the other with an exponent is the same number.
 */
export function isSameJson(left: unknown, right: unknown): boolean {
  if (isNumeric(left) && isNumeric(right)) return isSameNumber(left, right);
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => isSameJson(item, right[index]));
  }
  if (isObject(left) && isObject(right)) {
    const keys = Object.keys(left);
    return (
      keys.length === Object.keys(right).length &&
      keys.every((key) => Object.hasOwn(right, key) && isSameJson(left[key], right[key]))
    );
  }
  return left === right;
}

function isSameNumber(left: number | bigint, right: number | bigint): boolean {
  return typeof left === typeof right ? left === right : Number(left) === Number(right);
}

function isNumeric(value: unknown): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
