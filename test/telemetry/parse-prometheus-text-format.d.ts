declare module "parse-prometheus-text-format" {
  /** One value; of a histogram, its buckets by upper bound. */
  export interface ParsedValue {
    readonly value?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly buckets?: Readonly<Record<string, string>>;
    readonly count?: string;
    readonly sum?: string;
  }

  export interface ParsedFamily {
    readonly name: string;
    readonly help: string;
    readonly type: "COUNTER" | "GAUGE" | "HISTOGRAM" | "SUMMARY" | "UNTYPED";
    readonly metrics: readonly ParsedValue[];
  }

  /** Throws for a line that is none of the format. */
  export default function parsePrometheusTextFormat(text: string): readonly ParsedFamily[];
}
