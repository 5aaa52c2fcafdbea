import { afterAll, beforeAll } from "vitest";
import { describeWith, services } from "../../services.ts";
import { describeChangeLogContract } from "./contract.ts";
import { logServer, type LogServer } from "./postgres-setup.ts";

describeWith(services.postgres, "the change log's contract", () => {
  let server: LogServer;
  beforeAll(async () => {
    server = await logServer();
  });
  afterAll(() => server.drop());

  describeChangeLogContract({
    name: "PostgreSQL",
    async openDatabase() {
      const contract = await server.open();
      return {
        ...contract,
        runElsewhere: (sql) => server.psql(sql),
        openAgain: () => server.openAgain(),
        ahead: (position) => position.replace(/:(\d+).*/, (_rest, end) => `:${Number(end) + 1e9}`),
        dispose: () => server.dispose(),
      };
    },
  });
});
