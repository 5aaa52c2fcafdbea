import { curlCode } from "./curl-code.ts";
import { plainJson } from "./plain-json.ts";
import { pythonCode } from "./python-code.ts";
import type { Snippet, SnippetRequest } from "./snippet-request.ts";
import { typescriptCode } from "./typescript-code.ts";
import { wscatCode } from "./wscat-code.ts";

const LANGUAGES = [
  { id: "typescript", label: "TypeScript", language: "typescript", codeOf: typescriptCode },
  { id: "wscat", label: "wscat", language: "shell", codeOf: wscatCode },
  { id: "curl", label: "curl", language: "shell", codeOf: curlCode },
  { id: "python", label: "Python", language: "python", codeOf: pythonCode },
] as const;

/** The request as code that runs as it stands; nothing for a language in which it cannot be said. */
export function snippets(request: SnippetRequest): readonly Snippet[] {
  const args = plainJson(request.args);
  return LANGUAGES.flatMap(({ codeOf, ...language }) => {
    const code = codeOf({ ...request, args });
    return code === null ? [] : [{ ...language, code }];
  });
}
