/** The bundler's binary loader makes bytes of font files. */
declare module '*.ttf' {
  const bytes: Uint8Array;
  export default bytes;
}

declare module '*.woff2' {
  const bytes: Uint8Array;
  export default bytes;
}
