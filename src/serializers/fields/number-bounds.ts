/** Smallest and largest value of a number field, as texts for messages and as comparisons. */
export interface NumberBounds<Limit> {
  /** Smallest value that is taken. */
  readonly minValue?: Limit;
  /** Largest value that is taken. */
  readonly maxValue?: Limit;
}

export const numberBoundMessages = {
  max_value: "Ensure this value is less than or equal to {max_value}.",
  min_value: "Ensure this value is greater than or equal to {min_value}.",
  max_string_length: "String value too large.",
} as const;

/** Longest text that is read as a number: reading a number costs more than its length (DRF). */
export const MAX_NUMBER_TEXT = 1000;
