// The query as conditions to click together, in step with its text.
import PropertyFilter, { type PropertyFilterProps } from '@cloudscape-design/components/property-filter';
import { useMemo } from 'react';
import { printQuery } from '../../core/query/print.ts';
import type { Texts } from '../texts/texts.ts';
import { useTexts } from '../texts/use.ts';
import {
  ANY_VALUE,
  FILTER_FIELDS,
  type Filter,
  isGroup,
  OPERATORS,
  type Operator,
  queryOfFilter,
  type Token,
  type TokenGroup,
} from './filter.ts';
import { CLOSED_OPTIONS, type Option } from './values.ts';

export interface FilterBoxProps {
  readonly filter: Filter;
  /** Seen lately, beside those of closed lists. */
  readonly seen: readonly Option[];
  readonly onSearch: (q: string) => void;
}

export function FilterBox({ filter, seen, onSearch }: FilterBoxProps) {
  const t = useTexts();
  const properties = useMemo(() => propertiesOf(t, filter), [t, filter]);
  const options = useMemo(() => optionsOf(t, seen), [t, seen]);
  return (
    <PropertyFilter
      enableTokenGroups
      query={shown(filter)}
      filteringProperties={properties}
      filteringOptions={options}
      freeTextFiltering={{ operators: [':', '!:'] }}
      filteringAriaLabel={t.filter.label}
      filteringPlaceholder={t.filter.placeholder}
      filteringEmpty={t.filter.nothing}
      i18nStrings={{ clearAriaLabel: t.filter.clear, tokenOperatorAriaLabel: t.filter.operation }}
      tokenLimit={8}
      onChange={({ detail }) => onSearch(printQuery(queryOfFilter(filterOf(detail))))}
    />
  );
}

/** Also of what a query names that is the application's own, such as `metadata.region`. */
function propertiesOf(t: Texts, filter: Filter): PropertyFilterProps.FilteringProperty[] {
  const known = new Set(FILTER_FIELDS.map(({ name }) => name));
  const named = filter.tokens
    .flatMap((token): readonly Token[] => (isGroup(token) ? token.tokens : [token]))
    .flatMap(({ propertyKey }) => (propertyKey === undefined || known.has(propertyKey) ? [] : [propertyKey]));
  const own = [...new Set(named)].map((name) => ({ name, operators: OPERATORS.json }));
  return [...FILTER_FIELDS, ...own].map(({ name, operators }) => ({
    key: name,
    propertyLabel: labelOf(t, name),
    groupValuesLabel: t.filter.values(labelOf(t, name)),
    operators: operators.map((operator) => ({ operator, tokenType: 'value' as const })),
    defaultOperator: operators[0]!,
  }));
}

export function labelOf(t: Texts, name: string): string {
  return (t.fields as Readonly<Record<string, string>>)[name] ?? name;
}

function optionsOf(t: Texts, seen: readonly Option[]): PropertyFilterProps.FilteringOption[] {
  const any = FILTER_FIELDS.map(({ name }) => ({ propertyKey: name, value: ANY_VALUE, label: t.filter.any }));
  return [...any, ...CLOSED_OPTIONS.map((one) => ({ ...one, label: wordFor(t, one) })), ...seen];
}

/** Closed lists have words in the reader's language. */
function wordFor(t: Texts, { propertyKey, value }: Option): string {
  const lists: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    severity: t.severities,
    outcome: t.outcomes,
    'actor.type': t.actorTypes,
    'context.channel': t.channels,
  };
  return lists[propertyKey]?.[value] ?? value;
}

/** With token groups, the components keep all of it in `tokenGroups`. */
function shown({ operation, tokens }: Filter): PropertyFilterProps.Query {
  return { operation, tokens: [], tokenGroups: tokens as PropertyFilterProps.Query['tokenGroups'] & {} };
}

function filterOf({ operation, tokenGroups = [], tokens }: PropertyFilterProps.Query): Filter {
  const all = tokenGroups.length > 0 ? tokenGroups : tokens;
  return { operation, tokens: all.map(tokenFrom).filter((one) => one !== undefined) };
}

function tokenFrom(token: PropertyFilterProps.Token | PropertyFilterProps.TokenGroup): Token | TokenGroup | undefined {
  if ('tokens' in token) {
    const tokens = token.tokens.map(tokenFrom).filter((one): one is Token => one !== undefined && !isGroup(one));
    return tokens.length === 0 ? undefined : { operation: token.operation, tokens };
  }
  const value = String(token.value ?? '').trim();
  if (value === '') return undefined;
  const operator = token.operator as Operator;
  return { operator, value, ...(token.propertyKey === undefined ? {} : { propertyKey: token.propertyKey }) };
}
