/** Is the process one of development: `NODE_ENV=development`, or started by `restwave dev`? Never with `NODE_ENV=production`. */
export function isDevelopment({ NODE_ENV, RESTWAVE_DEV }: NodeJS.ProcessEnv): boolean {
  if (isProduction({ NODE_ENV })) return false;
  return NODE_ENV === "development" || RESTWAVE_DEV === "1";
}

/** Was it said that this is production? */
export function isProduction({ NODE_ENV }: NodeJS.ProcessEnv): boolean {
  return NODE_ENV === "production";
}
