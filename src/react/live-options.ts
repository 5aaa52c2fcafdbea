/** How a hook of live data behaves. */
export interface LiveOptions {
  /** False: nothing is subscribed and there is no data, `status` is `"idle"`. Default true. */
  readonly enabled?: boolean;
  /** While the data for new arguments is on its way, show that of the old ones (`isPrevious` is true then). Default false. */
  readonly keepPrevious?: boolean;
}
