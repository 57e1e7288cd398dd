// docs/catalog.md says what the catalog holds.
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { CATALOG_PAGE, catalogPage } from '../../support/catalog-page.ts';

test('the page is the one that the catalog makes (node test/support/catalog-page.ts writes it)', () => {
  expect(readFileSync(CATALOG_PAGE, 'utf8')).toBe(catalogPage());
});
