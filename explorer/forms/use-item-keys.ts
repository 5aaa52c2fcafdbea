import { useRef } from "react";
import { movedItem } from "./moved-item.ts";

/** A key for each item of a list that stays with it while it moves. */
export interface ItemKeys {
  readonly keys: readonly number[];
  remove(index: number): void;
  move(from: number, to: number): void;
}

export function useItemKeys(count: number): ItemKeys {
  const state = useRef({ keys: [] as readonly number[], next: 0 });
  const { current } = state;
  while (current.keys.length < count) {
    current.keys = [...current.keys, current.next];
    current.next += 1;
  }
  current.keys = current.keys.slice(0, count);
  return {
    keys: current.keys,
    remove(index) {
      current.keys = current.keys.toSpliced(index, 1);
    },
    move(from, to) {
      current.keys = movedItem(current.keys, from, to);
    },
  };
}
