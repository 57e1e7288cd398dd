// docs/catalog.md, as the catalog's code has it: `node test/support/catalog-page.ts` writes it, a test compares it.
import { writeFileSync } from 'node:fs';
import { CATALOG, CATEGORIES, retentionOf } from '../../core/catalog/catalog.ts';
import { RETENTION_PRESETS } from '../../names/retention-presets.ts';

export const CATALOG_PAGE = new URL('../../docs/catalog.md', import.meta.url);

const HEAD = `# Catalog of actions

Every action that is known without configuration, by category. \`GET /v1/catalog\` lists the same of a deployment, with its own codes
(\`catalog\` in [deploy.md](deploy.md)) and with what the caller's tenant keeps each category for. An action that is not listed is taken with an
explicit category, unless \`strictCatalog\` refuses it.

Severities follow from what an action is: critical for security events and deletions, high for major changes and warnings, medium for
other changes, low for views, info for what the system does by itself. Sources: S0 a client-records product's audit trail, S1 an audit framework
for application processing, S2 a guide to compliance and audits, S3 a forms product's audit logs, S4 a case-management product's audit trail,
own what the trail records of itself.

This page is generated from \`core/catalog\`; a test compares them.

## Retention by category

| category | ${Object.keys(RETENTION_PRESETS).join(' | ')} |
| --- | ${Object.keys(RETENTION_PRESETS)
  .map(() => '---')
  .join(' | ')} |
`;

export function catalogPage(): string {
  const retention = [...CATEGORIES.keys()].map((category) => {
    const periods = Object.values(RETENTION_PRESETS).map((preset) => retentionOf(category, preset));
    return `| \`${category}\` | ${periods.join(' | ')} |\n`;
  });
  return `${HEAD}${retention.join('')}\n${[...CATEGORIES.values()].map(section).join('\n')}`;
}

function section({ name, labels, severity }: { name: string; labels: readonly string[]; severity: string }): string {
  const actions = [...CATALOG.values()].filter(({ category }) => category === name);
  const known = labels.length === 0 ? '' : `Known as ${labels.join(', ')}. `;
  const title = `## ${name}\n\n${known}An action of one's own is ${severity}.\n`;
  if (actions.length === 0) return title;
  const rows = actions.map(
    (one) =>
      `| \`${one.action}\` | ${one.severity} | ${one.outcome} | ${one.description} | ${one.sources.join(' ')} |\n`,
  );
  return `${title}\n| action | severity | outcome | reads | sources |\n| --- | --- | --- | --- | --- |\n${rows.join('')}`;
}

if (import.meta.main) writeFileSync(CATALOG_PAGE, catalogPage());
