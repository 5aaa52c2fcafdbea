/** The ways to look at a request before it is sent. */
export const REQUEST_MODES = [
  { id: "form", label: "Form" },
  { id: "json", label: "JSON" },
  { id: "code", label: "Code" },
] as const;
