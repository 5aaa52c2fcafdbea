import { Parser } from "@asyncapi/parser";
import { Validator } from "@seriousme/openapi-schema-validator";

/** Errors and warnings, as Spectral counts them. */
const SEVERE: readonly number[] = [0, 1];

/** What AsyncAPI's own parser finds wrong with a document; recommendations, such as a licence, are left out. */
export async function asyncApiProblems(document: object): Promise<readonly string[]> {
  const { document: parsed, diagnostics } = await new Parser().parse(JSON.stringify(document));
  const problems = diagnostics
    .filter(({ severity }) => SEVERE.includes(severity))
    .map(({ message, path }) => `${path.join(".")}: ${message}`);
  return parsed === undefined && problems.length === 0 ? ["It could not be parsed."] : problems;
}

/** What the schema of OpenAPI finds wrong with a document, and references that lead nowhere. */
export async function openApiProblems(document: object): Promise<readonly string[]> {
  const validator = new Validator();
  const { valid, errors } = await validator.validate({ ...structuredClone(document) });
  if (!valid) return [JSON.stringify(errors)];
  validator.resolveRefs();
  return danglingReferences(document);
}

/** References that lead to nothing in the document. */
export function danglingReferences(document: object): readonly string[] {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if (key === "$ref" && typeof inner === "string") found.add(inner);
      else visit(inner);
    }
  };
  visit(document);
  return [...found].filter((reference) => targetOf(document, reference) === undefined);
}

function targetOf(document: object, reference: string): unknown {
  const parts = reference.replace(/^#\//, "").split("/");
  return parts.reduce<unknown>(
    (value, part) => (typeof value === "object" && value !== null ? Reflect.get(value, part) : undefined),
    document,
  );
}
