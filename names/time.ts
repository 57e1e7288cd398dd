/** Measures of time that code, infrastructure and the local runtime share. */
export const DAY_MS = 86_400_000;

/** An ISO 8601 duration of whole numbers, weeks included (`P90D`, `P7Y`, `PT20S`); its groups are years to seconds. */
export const DURATION =
  /^P(?=.)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;
