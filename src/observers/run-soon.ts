let waiting: { run(): void }[] = [];

/** Runs it with all others that are to run soon, after the present piece of work. */
export function runSoon(work: { run(): void }): void {
  if (waiting.push(work) === 1) queueMicrotask(runAll);
}

function runAll(): void {
  const due = waiting;
  waiting = [];
  for (const each of due) each.run();
}
