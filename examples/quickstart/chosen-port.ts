import { ImproperlyConfigured } from "restwave";

/** The port that `PORT` names; 8000 without it. @throws ImproperlyConfigured for what is no port. */
export function chosenPort(): number {
  const chosen = process.env.PORT ?? "8000";
  const port = chosen.trim() === "" ? NaN : Number(chosen);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new ImproperlyConfigured(`Expected PORT to be a whole number from 0 to 65535, got "${chosen}".`);
}
