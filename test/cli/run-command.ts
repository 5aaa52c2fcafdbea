/** Runs `restwave` in this process; after `vi.resetModules()` from new modules, as the application's are. */
export async function restwave(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const { runCli } = await import("../../src/cli/run-cli.ts");
  const written = { out: "", err: "" };
  const code = await runCli(args, {
    out: (text) => void (written.out += text),
    err: (text) => void (written.err += text),
    env: process.env,
    cwd: process.cwd(),
  });
  return { code, ...written };
}
