import { useEffect } from "react";
import { useContract } from "./session-context.tsx";

/** The title of the document, as long as the component is there. */
export function useTitle(text: string): void {
  const { title } = useContract();
  useEffect(() => {
    document.title = `${text} · ${title}`;
  }, [text, title]);
}
