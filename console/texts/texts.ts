// What a catalog of texts has to hold: everything that the English one does.
import type { en } from './en.ts';

/** Texts are texts, and what takes values is a function of the same ones. */
type Widened<T> = {
  readonly [K in keyof T]: T[K] extends string
    ? string
    : T[K] extends (...values: infer V) => string
      ? (...values: V) => string
      : Widened<T[K]>;
};

export type Texts = Widened<typeof en>;
