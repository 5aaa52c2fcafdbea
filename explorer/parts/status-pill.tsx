const NAMES: Readonly<Record<number, string>> = {
  200: "OK",
  201: "Created",
  204: "Done",
  206: "Part",
  400: "Not valid",
  401: "Log in first",
  403: "Refused",
  404: "Not found",
  405: "No such action",
  409: "Conflict",
  413: "Too big",
  429: "Too many",
  499: "Cancelled",
  500: "Server error",
  503: "Busy",
};

/** The status of an answer, in colour and in words. */
export function StatusPill({ status }: { status: number }) {
  const tone = status >= 500 ? "bad" : status >= 400 ? "warn" : "good";
  return (
    <span className={`pill pill-${tone}`}>
      {status} {NAMES[status] ?? ""}
    </span>
  );
}
