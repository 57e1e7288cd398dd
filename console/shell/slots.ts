// What a page puts into the frame around it: the panel beside it, notices above it. There is one frame, whatever page is in it.
import { createContext, type ReactNode, useContext, useLayoutEffect } from 'react';

export interface Slots {
  readonly notifications?: ReactNode;
  readonly splitPanel?: ReactNode;
  readonly splitPanelOpen?: boolean;
  readonly onSplitPanelClose?: () => void;
}

const NONE: Slots = {};

/** Given by the frame. */
export const SlotsContext = createContext<(slots: Slots) => void>(() => undefined);

/** Fills the frame's slots for as long as the page is there. */
export function useSlots(slots: Slots): void {
  const fill = useContext(SlotsContext);
  useLayoutEffect(() => fill(slots));
  useLayoutEffect(() => () => fill(NONE), [fill]);
}
