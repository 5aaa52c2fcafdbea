import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { applyTheme } from "./state/theme.ts";

applyTheme();
const root = document.querySelector("#root");
if (root !== null) createRoot(root).render(<App />);
