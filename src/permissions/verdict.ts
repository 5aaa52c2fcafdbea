/** A permission's answer, at once or later. Only `true` grants: `undefined`, and whatever else is not `true`, denies. */
export type Verdict = boolean | Promise<boolean>;

/** Must `verdict` be awaited? Everything else is judged without a promise, which keeps the common case on one stack. */
export function isPending(verdict: unknown): verdict is Promise<boolean> {
  return typeof verdict === "object" && verdict !== null && "then" in verdict;
}

/** Negates; what is not `true` is a refusal, so its negation grants. */
export function negate(verdict: Verdict): Verdict {
  return isPending(verdict) ? Promise.resolve(verdict).then((settled) => settled !== true) : verdict !== true;
}

/** Goes on with `next` if `verdict` grants, at once where it can. */
export function whenGranted(verdict: Verdict, next: () => Verdict): Verdict {
  if (isPending(verdict)) return Promise.resolve(verdict).then((settled) => settled === true && next());
  return verdict === true && next();
}

/** Do all operands grant? Asked in order, and not further than the first refusal. */
export function everyGrants<Operand>(operands: readonly Operand[], ask: (operand: Operand) => Verdict): Verdict {
  return decide(operands, ask, false, 0);
}

/** Does one operand grant? Asked in order, and not further than the first that does. */
export function someGrants<Operand>(operands: readonly Operand[], ask: (operand: Operand) => Verdict): Verdict {
  return decide(operands, ask, true, 0);
}

function decide<Operand>(
  operands: readonly Operand[],
  ask: (operand: Operand) => Verdict,
  decisive: boolean,
  start: number,
): Verdict {
  for (const [index, operand] of operands.slice(start).entries()) {
    const verdict = ask(operand);
    if (isPending(verdict)) {
      return Promise.resolve(verdict).then((settled) =>
        (settled === true) === decisive ? decisive : decide(operands, ask, decisive, start + index + 1),
      );
    }
    if ((verdict === true) === decisive) return decisive;
  }
  return !decisive;
}
