export type { LiveResource } from "./tanstack-db/live-resource.ts";
export {
  type RestwaveCollectionConfig,
  restwaveCollectionOptions,
  type RestwaveCollectionOptions,
  type RestwaveCollectionUtils,
} from "./tanstack-db/restwave-collection-options.ts";
