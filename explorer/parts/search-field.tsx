import { Icon } from "./icon.tsx";

interface SearchFieldProps {
  readonly id: string;
  readonly icon: "search" | "filter";
  /** For who does not see the icon. */
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A line to search or filter by; the key `/` leads to it. */
export function SearchField({ id, icon, label, placeholder, value, onChange }: SearchFieldProps) {
  return (
    <label className="search-field" htmlFor={id}>
      <Icon name={icon} />
      <span className="hidden">{label}</span>
      <input
        id={id}
        type="search"
        data-shortcut="/"
        placeholder={placeholder}
        value={value}
        onChange={({ target }) => onChange(target.value)}
      />
    </label>
  );
}
