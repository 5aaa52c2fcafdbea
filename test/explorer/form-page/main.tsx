import { type ReactElement, useState } from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { initialValue } from "../../../explorer/forms/initial-value.ts";
import { SchemaForm } from "../../../explorer/forms/schema-form.tsx";
import { unfinishedIn } from "../../../explorer/forms/unfinished.ts";
import type { FormPage } from "./form-page.ts";

const root = createRoot(document.querySelector("main") ?? document.body);
let shown = 0;
window.submitted = 0;
window.showForm = (page) => {
  shown += 1;
  flushSync(() => root.render(<ShownForm key={shown} page={page} />));
};

function ShownForm({ page }: { readonly page: FormPage }): ReactElement {
  const { schema, schemas, omit = [] } = page;
  const [value, setValue] = useState(() => ("value" in page ? page.value : initialValue(schema, schemas)));
  const [errors, setErrors] = useState<unknown>(page.errors ?? null);
  window.formValue = JSON.stringify(value);
  window.unfinished = unfinishedIn(value).map(({ problem }) => problem);
  const submit = (event: { preventDefault(): void }): void => {
    event.preventDefault();
    window.submitted += 1;
    setErrors(null);
  };
  return (
    <form noValidate onSubmit={submit}>
      <h1>Form</h1>
      <SchemaForm
        schema={schema}
        schemas={schemas}
        value={value}
        onChange={setValue}
        errors={errors}
        idPrefix="form"
        omit={omit}
      />
      <button type="submit">Send</button>
    </form>
  );
}
