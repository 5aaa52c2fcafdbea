import { Dialog } from "../parts/dialog.tsx";
import { KEYS, shortcutsOn } from "../state/shortcuts.ts";
import { useStore } from "../state/use-store.ts";

/** The keys of the page. */
export function HelpDialog({ onClose }: { onClose: () => void }) {
  const isOn = useStore(shortcutsOn);
  return (
    <Dialog title="Keys" onClose={onClose}>
      <dl className="keys">
        {KEYS.map(({ keys, does }) => (
          <div key={does}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <label className="check">
        <input type="checkbox" checked={isOn} onChange={({ target }) => shortcutsOn.set(target.checked)} />
        Single keys are shortcuts
      </label>
    </Dialog>
  );
}
