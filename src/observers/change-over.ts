/** What is known before a subscription goes from one queryset to another. */
export interface ChangeOver {
  /** Did events say where a row stands until now? */
  readonly isOrdered: boolean;
  readonly tag: string;
  readonly looksDifferent: boolean;
}
