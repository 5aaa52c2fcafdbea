import { useState } from "react";
import { Icon } from "../parts/icon.tsx";

const DOCUMENTS = [
  { path: "/openapi.json", name: "OpenAPI" },
  { path: "/asyncapi.json", name: "AsyncAPI" },
] as const;

/** Links to the documents of the API, as far as the server has them. It is asked when somebody wants to know: a 404 of each would be told as an error. */
export function DocumentLinks() {
  const [found, setFound] = useState<readonly (typeof DOCUMENTS)[number][] | null>(null);
  const look = async (): Promise<void> => {
    const answers = await Promise.all(
      DOCUMENTS.map(({ path }) =>
        fetch(path, { method: "HEAD" }).then(
          ({ ok }) => ok,
          () => false,
        ),
      ),
    );
    setFound(DOCUMENTS.filter((_document, index) => answers[index]));
  };
  return (
    <section className="panel documents" aria-label="Documents">
      <h2>Documents</h2>
      {found === null && (
        <button type="button" onClick={() => void look()}>
          <Icon name="book" />
          Look for OpenAPI and AsyncAPI
        </button>
      )}
      {found?.length === 0 && (
        <p className="muted">
          The server serves none. <code>contractsHttp</code> does, and <code>restwave schema</code> writes them.
        </p>
      )}
      {found?.map(({ path, name }) => (
        <a key={path} className="button" href={path} target="_blank" rel="noreferrer">
          <Icon name="external" />
          {name}
        </a>
      ))}
    </section>
  );
}
