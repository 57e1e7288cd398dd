// `npm run console:api`: writes the types of the API's client anew.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { apiTypes } from './api-types.ts';

writeFileSync(fileURLToPath(new URL('../api/operations.ts', import.meta.url)), apiTypes());
