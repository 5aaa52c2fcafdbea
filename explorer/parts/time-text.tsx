const TIME = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
  hour12: false,
});

/** The time of day of a moment, to the millisecond. */
export function TimeText({ at }: { at: number }) {
  return (
    <time className="time" dateTime={new Date(at).toISOString()}>
      {TIME.format(at)}
    </time>
  );
}
