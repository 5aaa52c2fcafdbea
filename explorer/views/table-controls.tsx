import type { ResourceContract } from "restwave/contracts";
import { useEffect, useId, useState } from "react";
import { FilterInput } from "../parts/filter-input.tsx";
import { Icon } from "../parts/icon.tsx";
import { SearchField } from "../parts/search-field.tsx";
import type { TableState } from "../state/use-table-state.ts";

/** Search, filters and order, as far as the contract has them. */
export function TableControls({ resource, state }: { resource: ResourceContract; state: TableState }) {
  const id = useId();
  const [added, setAdded] = useState<readonly string[]>([]);
  const names = filterNamesOf(resource);
  const active = [...new Set([...Object.keys(state.filters), ...added])].filter(
    (name) => names.includes(name) || name in state.filters,
  );
  const rest = names.filter((name) => !active.includes(name));
  if (!resource.search && names.length === 0 && resource.ordering.length === 0) return null;
  const remove = (name: string): void => {
    setAdded(added.filter((one) => one !== name));
    state.setFilter(name, undefined);
  };
  return (
    <div className="controls" role="search" aria-label={`Narrow ${resource.name}`}>
      {resource.search && <RowSearch id={`${id}-search`} value={state.search} onChange={state.setSearch} />}
      {resource.ordering.length > 0 && (
        <label className="control" htmlFor={`${id}-order`}>
          <span>Order</span>
          <select id={`${id}-order`} value={state.ordering} onChange={({ target }) => state.setOrdering(target.value)}>
            <option value="">default</option>
            {resource.ordering.flatMap((name) => [
              <option key={name} value={name}>
                {name} ↑
              </option>,
              <option key={`-${name}`} value={`-${name}`}>
                {name} ↓
              </option>,
            ])}
          </select>
        </label>
      )}
      {rest.length > 0 && (
        <label className="control" htmlFor={`${id}-add`}>
          <span>Filter</span>
          <select id={`${id}-add`} value="" onChange={({ target }) => setAdded([...added, target.value])}>
            <option value="">add a filter</option>
            {rest.map((name) => (
              <option key={name} value={name}>
                {shownName(name)}
              </option>
            ))}
          </select>
        </label>
      )}
      {active.map((name) => (
        <span key={name} className="filter-chip">
          <label htmlFor={`${id}-${name}`}>{shownName(name)}</label>
          <FilterInput
            id={`${id}-${name}`}
            schema={resource.filters[name] ?? {}}
            value={state.filters[name]}
            onChange={(value) => state.setFilter(name, value)}
          />
          <button
            type="button"
            className="quiet square"
            aria-label={`Remove the filter ${shownName(name)}`}
            onClick={() => remove(name)}
          >
            <Icon name="close" />
          </button>
        </span>
      ))}
    </div>
  );
}

/** Takes what is typed a moment after the last key. */
function RowSearch({ id, value, onChange }: { id: string; value: string; onChange: (text: string) => void }) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => onChange(text), 250);
    return () => clearTimeout(timer);
  }, [text]);
  return <SearchField id={id} icon="search" label="Search" placeholder="Search" value={text} onChange={setText} />;
}

/** `status__exact` is `status`. */
function filterNamesOf({ filters }: ResourceContract): readonly string[] {
  return Object.keys(filters).filter((name) => !name.endsWith("__exact") || !(name.replace(/__exact$/, "") in filters));
}

function shownName(name: string): string {
  return name.replace("__", " ");
}
