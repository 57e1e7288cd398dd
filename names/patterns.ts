/** What names of tenants and categories are made of, as JSON schemas have it. */
export const TENANT_PATTERN = '^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$';
export const CATEGORY_PATTERN = '^[a-z][a-z0-9_]{0,63}$';
