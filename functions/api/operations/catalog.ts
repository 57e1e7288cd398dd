// The catalog of actions and categories in the API's description.
import * as Type from 'typebox';
import { OUTCOMES, SEVERITIES } from '../../../core/entry/schema.ts';
import { PATHS } from '../../../names/api.ts';
import type { Operation } from './operation.ts';
import { strict } from './schemas.ts';

const Severity = Type.Enum(SEVERITIES);

const Category = Type.Object(
  {
    name: Type.String(),
    labels: Type.Array(Type.String(), { description: 'what the requirement documents call it' }),
    severity: Severity,
    retention: Type.String({
      description: "an ISO 8601 duration or 'permanent': what the caller's tenant keeps it for",
    }),
  },
  strict,
);

const Action = Type.Object(
  {
    action: Type.String(),
    category: Type.String(),
    severity: Severity,
    outcome: Type.Enum(OUTCOMES, { description: 'unless the entry says another' }),
    description: Type.String({ description: 'with {actor}, {target} and {action} as placeholders' }),
    sources: Type.Array(Type.String(), { description: "requirement documents, 'own', or 'deployment' if configured" }),
  },
  strict,
);

export const CATALOG_OPERATIONS = {
  readCatalog: {
    ...{ name: 'readCatalog', method: 'GET', path: PATHS.catalog, tag: 'Service' },
    summary: "Every action and category that is known, with severity, retention and the deployment's own codes",
    answers: {
      200: {
        description: 'The catalog',
        content: {
          'application/json': Type.Object(
            {
              strict: Type.Boolean({ description: 'whether other actions are refused' }),
              categories: Type.Array(Category),
              actions: Type.Array(Action),
            },
            strict,
          ),
        },
      },
    },
    problems: [],
  },
} as const satisfies Readonly<Record<string, Operation>>;
