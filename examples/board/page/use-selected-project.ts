import { useSyncExternalStore } from "react";

const PATTERN = /^#\/projects\/(\d+)$/;

/** The project that the address names, as `#/projects/3`; null: none. */
export function useSelectedProject(): number | null {
  const hash = useSyncExternalStore(subscribe, () => location.hash);
  const [, id] = PATTERN.exec(hash) ?? [];
  return id === undefined ? null : Number(id);
}

export function selectProject(id: number): void {
  location.hash = `/projects/${id}`;
}

function subscribe(listener: () => void): () => void {
  addEventListener("hashchange", listener);
  return () => removeEventListener("hashchange", listener);
}
