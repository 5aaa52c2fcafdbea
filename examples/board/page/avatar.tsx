import type { Person } from "./client.ts";

/** A person's initials on the person's color; null is nobody. */
export function Avatar({ person, size = "small" }: { person: Pick<Person, "name" | "color"> | null; size?: "small" | "large" }) {
  const name = person?.name ?? "Nobody";
  return (
    <span className={`avatar ${size}`} data-color={person?.color} role="img" aria-label={name} title={name}>
      {person === null ? "" : initials(name)}
    </span>
  );
}

function initials(name: string): string {
  const words = name.split(" ").filter((word) => word !== "");
  return [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => word?.[0] ?? "").join("");
}
