const TIMEOUT_MS = 5_000;

/** Where a server shows its explorer, or null when it shows none. @param url the server's, as clients connect: `ws://localhost:8000` */
export async function findExplorer(url: string): Promise<string | null> {
  const explorer = `${url.replace(/^ws/, "http")}/explorer/`;
  try {
    const response = await fetch(explorer, { signal: AbortSignal.timeout(TIMEOUT_MS), headers: { accept: "text/html" } });
    await response.body?.cancel();
    return response.ok && response.headers.get("content-type")?.startsWith("text/html") === true ? explorer : null;
  } catch {
    // The server has ended meanwhile, or answers nothing of the kind.
    return null;
  }
}
