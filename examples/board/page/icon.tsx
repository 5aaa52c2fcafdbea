const PATHS = {
  close: "M5 5l10 10M15 5L5 15",
  notes: "M4 6h12M4 10h12M4 14h7",
  people:
    "M7.5 9a3 3 0 100-6 3 3 0 000 6zM2 17c0-3 2.500-5 5.500-5s5.500 2 5.500 5M13 3.500a3 3 0 010 5.500M15 12.300c1.900.700 3 2.400 3 4.700",
  plus: "M10 4v12M4 10h12",
  search: "M9 15A6 6 0 109 3a6 6 0 000 12zM13.500 13.500L17 17",
  trash: "M4 6h12M8 6V4h4v2M6 6l.700 11h6.600L14 6",
} as const;

export function Icon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg className="icon" viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
