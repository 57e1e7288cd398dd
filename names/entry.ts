/** How entries are accepted. */
export const ENTRY = {
  /** 'true' refuses actions that the catalog doesn't know. */
  strictCatalogEnv: 'STRICT_CATALOG',
  /** JSON `{action: {category, severity, outcome, description}}` of the deployment's own codes, deflated, in Base64. */
  catalogEnv: 'CATALOG',
  /** JSON `{packs: [name], patterns: [{name, pattern}], pointers: [JSON pointer]}`, beside what is always redacted. */
  redactionEnv: 'REDACTION',
  /** JSON of the limits that are overridden. */
  limitsEnv: 'LIMITS',
} as const;

/** Kinds of personal numbers that a deployment may have redacted (core/redact/packs.ts); countries by ISO 3166. */
export const REDACTION_PACKS = [
  'iban',
  'email',
  'at-svnr',
  'be-nrn',
  'br-cpf',
  'ca-sin',
  'ch-ahv',
  'de-steuer-id',
  'es-dni',
  'fr-nir',
  'gb-nino',
  'in-aadhaar',
  'in-pan',
  'it-codice-fiscale',
  'nl-bsn',
  'pl-pesel',
  'us-ssn',
] as const;
