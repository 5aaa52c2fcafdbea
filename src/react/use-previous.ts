import { useEffect, useRef } from "react";

/** The last data that a component has shown of a source. */
export function usePrevious<T>(source: unknown, data: T | undefined): T | undefined {
  const last = useRef<{ readonly source: unknown; readonly data: T } | null>(null);
  useEffect(() => {
    if (data !== undefined) last.current = { source, data };
  }, [source, data]);
  return last.current?.source === source ? last.current?.data : undefined;
}
