/** Code points of a query: Athena takes statements of 262,144 bytes, and each condition becomes some hundred of them. */
export const MAX_QUERY_LENGTH = 8_000;
/** Conditions of a query: what Athena plans in a second, and far beyond what a person writes. */
export const MAX_TERMS = 200;
/** Parentheses inside parentheses; the tree is walked by recursion. */
export const MAX_NESTING = 32;
/** Characters of a regular expression. */
export const MAX_REGEX_LENGTH = 500;
/** States that a regular expression may have once its counted repetitions are written out. */
export const MAX_REGEX_STATES = 2_000;
