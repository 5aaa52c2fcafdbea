import { chooseDatabase } from "../databases/chosen-database.ts";
import { describeOnPostgres } from "../databases/describe-on-databases.ts";

describeOnPostgres("the transcripts", async (on) => {
  chooseDatabase(on);
  await import("./replay.test.ts");
});
