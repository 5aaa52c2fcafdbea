import type { ActionContract, Place } from "restwave/contracts";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { pathOf } from "../contract/place-path.ts";
import { Icon } from "../parts/icon.tsx";
import { useContract, useLines, useSession } from "../state/session-context.tsx";
import { useStore } from "../state/use-store.ts";
import { pretty, tryParse } from "../wire/json.ts";
import { initialArgs } from "./action-args.ts";

const STORED = "restwave-explorer-frames";
const REMEMBERED = 100;

/** Sends what is typed, as it is. The arrow keys bring back what was sent before. */
export function ConsoleInput() {
  const { contract } = useContract();
  const { parameters } = useSession();
  const lines = useLines();
  const values = useStore(parameters);
  const paths = [
    ...new Set(contract.resources.flatMap(({ places }) => places.map((place) => pathOf(place, values[place.path] ?? {})))),
  ].filter((path) => path !== null);
  const known = useStore(lines.all).map(({ path }) => path);
  const all = [...new Set([...paths, ...known])];
  const [chosen, setChosen] = useState<string | null>(null);
  const path = chosen ?? all[0] ?? null;
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const input = useRef<HTMLTextAreaElement>(null);
  const history = useRef(storedFrames());
  const place = useRef(0);
  useEffect(() => {
    if (path !== null) lines.at(path).client.connect();
  }, [lines, path]);

  const send = async (): Promise<void> => {
    if (path === null || text.trim() === "") return;
    const line = lines.at(path);
    try {
      await line.whenOpen(AbortSignal.timeout(5000));
    } catch {
      return setProblem("There is no connection.");
    }
    line.tap.send(text);
    setProblem(null);
    history.current = [...history.current.filter((one) => one !== text), text].slice(-REMEMBERED);
    sessionStorage.setItem(STORED, JSON.stringify(history.current));
    place.current = 0;
    setText("");
  };
  const recall = (step: number): boolean => {
    const next = place.current + step;
    if (next < 0 || next > history.current.length) return false;
    place.current = next;
    setText(next === 0 ? "" : (history.current.at(-next) ?? ""));
    return true;
  };
  const press = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    const { value, selectionStart, selectionEnd } = event.currentTarget;
    const isFirstLine = !value.slice(0, selectionStart).includes("\n");
    const isLastLine = !value.slice(selectionEnd).includes("\n");
    if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) void send();
    else if (event.key === "ArrowUp" && isFirstLine) recall(1);
    else if (event.key === "ArrowDown" && isLastLine && place.current > 0) recall(-1);
    else return;
    event.preventDefault();
  };
  const insert = (one: Place, action: ActionContract): void => {
    const payload = {
      action: action.name,
      request_id: `console-${Date.now().toString(36)}`,
      ...initialArgs(action, contract.schemas, {}),
    };
    setText(pretty(one.stream === null ? payload : { stream: one.stream, payload }));
    input.current?.focus();
  };
  const isJson = tryParse(text) !== undefined;
  return (
    <form
      className="panel console-input"
      aria-label="Send a frame"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <div className="controls">
        <label className="control" htmlFor="console-path">
          <span>To</span>
          <select id="console-path" value={path ?? ""} onChange={({ target }) => setChosen(target.value)}>
            {all.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </label>
        <TemplateSelect path={path} onInsert={insert} />
        <button type="button" className="quiet" disabled={!isJson} onClick={() => setText(pretty(tryParse(text)))}>
          <Icon name="code" />
          Indent
        </button>
      </div>
      <label className="hidden" htmlFor="console-text">
        Frame to send
      </label>
      <textarea
        id="console-text"
        ref={input}
        className="code-input"
        rows={Math.min(16, Math.max(3, text.split("\n").length))}
        spellCheck={false}
        placeholder='{"action": "list", "request_id": 1}'
        aria-describedby="console-help"
        value={text}
        onKeyDown={press}
        onChange={({ target }) => {
          place.current = 0;
          setText(target.value);
        }}
      />
      <div className="actions-row">
        <button className="primary" disabled={path === null || text.trim() === ""}>
          <Icon name="play" />
          Send
        </button>
        <span id="console-help" className="muted">
          {problem !== null && <strong className="problem">{problem} </strong>}
          {text.trim() !== "" && !isJson && <span>This is no JSON; it is sent all the same. </span>}
          <kbd>Enter</kbd> sends, <kbd>Shift</kbd> <kbd>Enter</kbd> a new line, <kbd>↑</kbd> what was sent before
        </span>
      </div>
    </form>
  );
}

function TemplateSelect({ path, onInsert }: { path: string | null; onInsert: (place: Place, action: ActionContract) => void }) {
  const { contract } = useContract();
  const values = useStore(useSession().parameters);
  const at = contract.resources.flatMap((resource) => {
    const place = resource.places.find((one) => pathOf(one, values[one.path] ?? {}) === path);
    return place === undefined ? [] : [{ resource, place }];
  });
  const choose = (value: string): void => {
    const [name, action] = value.split(" ");
    const found = at.find(({ resource }) => resource.name === name);
    const called = found?.resource.actions.find((one) => one.name === action);
    if (found !== undefined && called !== undefined) onInsert(found.place, called);
  };
  return (
    <label className="control" htmlFor="console-template">
      <span>Begin with</span>
      <select id="console-template" value="" onChange={({ target }) => choose(target.value)}>
        <option value="">an action</option>
        {at.map(({ resource }) => (
          <optgroup key={resource.name} label={resource.name}>
            {resource.actions.map(({ name }) => (
              <option key={name} value={`${resource.name} ${name}`}>
                {name}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
    </label>
  );
}

function storedFrames(): readonly string[] {
  const found = tryParse(sessionStorage.getItem(STORED) ?? "[]");
  return Array.isArray(found) ? found.filter((one) => typeof one === "string") : [];
}
