import { openPostgres, type PostgresDatabase } from "../../src/postgres.ts";
import { describeWith, services } from "../services.ts";
import { describeModelsContract } from "./contract.ts";
import { createTables, declareModels, emptyTables } from "./postgres-tables.ts";
import { temporaryPostgres, type TemporaryPostgres } from "./temporary-postgres.ts";

describeWith(services.postgres, "models on PostgreSQL", () => {
  let server: TemporaryPostgres | undefined;
  let database: PostgresDatabase | undefined;

  describeModelsContract({
    name: "PostgreSQL",
    async openDatabase() {
      server ??= await temporaryPostgres({ options: "-c synchronous_commit=off" });
      const opened = (database ??= await openPostgres(server.url));
      if (opened.models.length === 0) await createTables(opened);
      return { database: opened, ...declareModels(opened), dispose: () => emptyTables(opened) };
    },
    async dispose() {
      await database?.close();
      await server?.drop();
    },
  });
});
