/** `error`: it cannot work as it is; `warning`: it works, but not as somebody would want it. */
export type FindingLevel = "error" | "warning";

/** What can be found. Each is explained in docs/checks.md under its name. */
export type FindingCode =
  | "improperly_configured"
  | "unreachable_route"
  | "not_a_class"
  | "permission_refuses_all"
  | "throttle_without_rate"
  | "unknown_throttle_scope"
  | "shadowed_action"
  | "missing_queryset"
  | "missing_serializer"
  | "unknown_serializer_field"
  | "missing_serializer_method"
  | "broken_relation"
  | "unknown_lookup_field"
  | "lookup_not_unique"
  | "missing_filter_backend"
  | "unknown_filter_field"
  | "unknown_search_field"
  | "unknown_ordering_field"
  | "hidden_field"
  | "database_away"
  | "missing_table"
  | "missing_column"
  | "unknown_required_column"
  | "observer_cannot_fire"
  | "unindexed_column"
  | "scanning_filter";

/** Where something was found, as far as it has such a place. */
export interface FindingPlace {
  /** The path, and the stream of a multiplexed socket: `"/ws/"`, `"/ws/ (stream tasks)"`. */
  readonly route?: string;
  /** The name of a consumer's class. */
  readonly consumer?: string;
  /** The name of a model. */
  readonly model?: string;
  /** The option, field or column: `'orderingFields: "titel"'`. */
  readonly field?: string;
}

/** Something in an application that cannot work, or not well. */
export interface Finding extends FindingPlace {
  /** Stable. */
  readonly code: FindingCode;
  readonly level: FindingLevel;
  /** What is wrong. */
  readonly message: string;
  /** What to do. */
  readonly fix: string;
}

/** A finding at a place; that of the place itself wins over a wider one. */
export function findingAt(place: FindingPlace, found: Finding): Finding {
  return { ...place, ...found };
}
