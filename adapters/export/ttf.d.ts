/** The bundler's binary loader makes bytes of it. */
declare module '*.ttf' {
  const bytes: Uint8Array;
  export default bytes;
}
