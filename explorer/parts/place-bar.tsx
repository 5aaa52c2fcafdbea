import { useEffect, useId, useState } from "react";
import { parametersOf } from "../contract/place-path.ts";
import type { ChosenPlace } from "../state/use-place.ts";

/** Which place of a resource is called, and the values that its path takes. Nothing, where there is nothing to choose. */
export function PlaceBar({ chosen }: { chosen: ChosenPlace }) {
  const { place, places, choose, values, setValues, path } = chosen;
  const id = useId();
  const parameters = parametersOf(place);
  const [draft, setDraft] = useState(values);
  useEffect(() => setDraft(values), [place.path]);
  if (places.length < 2 && parameters.length === 0) return null;
  return (
    <form
      className="place-bar"
      aria-label="Place"
      onSubmit={(event) => {
        event.preventDefault();
        setValues(draft);
      }}
    >
      {places.length > 1 && (
        <label htmlFor={`${id}-place`}>
          <span>Place</span>
          <select id={`${id}-place`} value={places.indexOf(place)} onChange={({ target }) => choose(Number(target.value))}>
            {places.map((one, index) => (
              <option key={`${one.path} ${one.stream ?? ""}`} value={index}>
                /{one.path} {one.stream}
              </option>
            ))}
          </select>
        </label>
      )}
      {parameters.map(({ name, type }) => (
        <label key={name} htmlFor={`${id}-${name}`}>
          <span>{name}</span>
          <input
            id={`${id}-${name}`}
            required
            inputMode={type === "int" ? "numeric" : "text"}
            pattern={type === "int" ? "[0-9]+" : undefined}
            value={draft[name] ?? ""}
            onChange={({ target }) => setDraft({ ...draft, [name]: target.value })}
          />
        </label>
      ))}
      {parameters.length > 0 && <button className={path === null ? "primary" : ""}>Connect</button>}
    </form>
  );
}
