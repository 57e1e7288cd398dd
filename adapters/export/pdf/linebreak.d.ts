/** UAX #14: where a line may end. The package brings no types of its own. */
declare module 'linebreak' {
  export default class LineBreaker {
    constructor(text: string);
    /** The next place, in UTF-16 units; null after the text's end. */
    nextBreak(): { readonly position: number; readonly required: boolean } | null;
  }
}
