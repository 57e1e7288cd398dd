/** Where applications put their events. */
export const EVENTS = {
  /** Name of the bus of the stage that keeps the default name; others append theirs. */
  applicationBus: 'indelible',
} as const;
