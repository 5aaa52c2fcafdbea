import type { JsonSchema, ResourceContract } from "restwave/contracts";
import { Cell } from "../parts/cell.tsx";
import { Icon } from "../parts/icon.tsx";
import { Link } from "../router/link.tsx";
import { locationStore, navigate } from "../router/location.ts";
import { hrefOf } from "../router/route.ts";
import type { MarkedRow } from "../state/use-row-marks.ts";

interface RowTableProps {
  readonly resource: ResourceContract;
  readonly columns: readonly (readonly [string, JsonSchema])[];
  readonly rows: readonly MarkedRow[];
  readonly keyField: string | null;
  readonly ordering: string;
  readonly onOrder: (ordering: string) => void;
  readonly isOld: boolean;
}

const NUMBERS: ReadonlySet<unknown> = new Set(["integer", "number"]);

/** Rows, one above the other; on a phone each is a card. The roles are said, since cards are no table to a browser. */
export function RowTable({ resource, columns, rows, keyField, ordering, onOrder, isOld }: RowTableProps) {
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label={`Table of ${resource.name}`}>
      <table className={isOld ? "rows rows-old" : "rows"} role="table">
        <thead role="rowgroup">
          <tr role="row">
            {columns.map(([name, schema]) => (
              <HeadCell
                key={name}
                name={name}
                isNumber={name !== keyField && isNumber(schema)}
                isOrdered={resource.ordering.includes(name)}
                ordering={ordering}
                onOrder={onOrder}
              />
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map(({ key, row, mark, changed }) => (
            <tr
              key={mark === "left" ? `left ${key}` : key}
              role="row"
              data-key={key}
              className={mark === null ? undefined : `row-${mark}`}
              onClick={() => {
                if (keyField !== null && mark !== "left" && getSelection()?.isCollapsed !== false)
                  navigate(instanceHref(resource, key));
              }}
            >
              {columns.map(([name, schema], index) => (
                <td
                  key={name}
                  role="cell"
                  data-label={name}
                  className={
                    [
                      name !== keyField && isNumber(schema) ? "cell-right" : "",
                      mark === "changed" && changed.has(name) ? "cell-changed" : "",
                    ]
                      .join(" ")
                      .trim() || undefined
                  }
                >
                  {name === keyField || (keyField === null && index === 0) ? (
                    <KeyCell resource={resource} name={keyField} value={row[name]} schema={schema} rowKey={key} />
                  ) : (
                    <Cell value={row[name]} schema={schema} />
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function KeyCell({
  resource,
  name,
  value,
  schema,
  rowKey,
}: {
  resource: ResourceContract;
  name: string | null;
  value: unknown;
  schema: JsonSchema;
  rowKey: string;
}) {
  if (name === null) return <Cell value={value} schema={schema} />;
  return (
    <Link className="row-link" href={instanceHref(resource, rowKey)} onClick={(event) => event.stopPropagation()}>
      {String(value)}
    </Link>
  );
}

function HeadCell({
  name,
  isNumber,
  isOrdered,
  ordering,
  onOrder,
}: {
  name: string;
  isNumber: boolean;
  isOrdered: boolean;
  ordering: string;
  onOrder: (ordering: string) => void;
}) {
  const direction = ordering === name ? "ascending" : ordering === `-${name}` ? "descending" : undefined;
  const next = direction === "ascending" ? `-${name}` : direction === "descending" ? "" : name;
  return (
    <th
      role="columnheader"
      aria-sort={isOrdered ? (direction ?? "none") : undefined}
      className={isNumber ? "cell-right" : undefined}
    >
      {isOrdered ? (
        <button type="button" className="sort" onClick={() => onOrder(next)}>
          {name}
          {direction !== undefined && <Icon name={direction === "ascending" ? "up" : "down"} />}
        </button>
      ) : (
        name
      )}
    </th>
  );
}

function isNumber({ type }: JsonSchema): boolean {
  return NUMBERS.has(type) || (Array.isArray(type) && type.some((one) => NUMBERS.has(one)));
}

/** The page of a row; it is at the place at which the table is. */
function instanceHref(resource: ResourceContract, key: string): string {
  const kept = [...locationStore.get().search].filter(([name]) => name === "place" || name.startsWith("in."));
  const query = new URLSearchParams(kept.map(([name, value]) => [name, value])).toString();
  return `${hrefOf({ view: "instance", resource: resource.name, key })}${query === "" ? "" : `?${query}`}`;
}
