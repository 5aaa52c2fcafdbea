import { useMemo, useState } from "react";
import { Icon } from "../parts/icon.tsx";
import { Notice } from "../parts/notice.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { SearchField } from "../parts/search-field.tsx";
import { useSession } from "../state/session-context.tsx";
import { useStore } from "../state/use-store.ts";
import { ConsoleInput } from "./console-input.tsx";
import { FrameItem } from "./frame-item.tsx";

/** Every frame in and out, and a place to send any. */
export function ConsoleView() {
  const { log } = useSession();
  const frames = useStore(log.frames);
  const [text, setText] = useState("");
  const [hidesPings, setHidesPings] = useState(true);
  const wanted = text.trim().toLowerCase();
  const shown = useMemo(
    () =>
      frames
        .filter((frame) => (!hidesPings || !isPing(frame.text)) && (wanted === "" || frame.text.toLowerCase().includes(wanted)))
        .toReversed(),
    [frames, wanted, hidesPings],
  );
  return (
    <>
      <PageHead title="Console" about="Frames as they go over the sockets of this page. The newest 1,000 are kept.">
        <button type="button" onClick={() => log.frames.clear()}>
          <Icon name="clear" />
          Clear
        </button>
      </PageHead>
      <ConsoleInput />
      <div className="controls">
        <SearchField
          id="console-filter"
          icon="filter"
          label="Filter frames"
          placeholder="Filter frames"
          value={text}
          onChange={setText}
        />
        <label className="check">
          <input type="checkbox" checked={hidesPings} onChange={({ target }) => setHidesPings(target.checked)} />
          Hide signs of life
        </label>
        <span className="muted">{shown.length === 1 ? "1 frame" : `${shown.length} frames`}</span>
      </div>
      <section className="panel" aria-label="Frames">
        {shown.length === 0 && <Notice icon="console" title="No frames yet." />}
        <ol className="frame-list">
          {shown.map((frame) => (
            <FrameItem key={frame.id} frame={frame} />
          ))}
        </ol>
      </section>
    </>
  );
}

/** What the client sends to see whether the server is there, its answer, and frames that tell nothing but a position. */
function isPing(text: string): boolean {
  return text.includes('"restwave.ping"') || text.startsWith('{"events":[],');
}
