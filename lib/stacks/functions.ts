// All functions of a deployment, feature by feature: what each is made with, and what it is granted, stands with its feature.
import type { Construct } from 'constructs';
import type { StageConfig } from '../config/stage.ts';
import type { ArchiveRoles } from '../constructs/archive-roles.ts';
import type { CodeDefaults } from '../constructs/code.ts';
import { type Bundling, bundling, grantBundling } from './bundling.ts';
import { type Exporting, exporting, grantExporting } from './exporting.ts';
import { grantHolding, type Holding, holding } from './holding.ts';
import type { Holdings } from './holdings.ts';
import { grantIndexing, type Indexing, indexing } from './indexing.ts';
import { grantQuerying, type Querying, querying } from './querying.ts';
import { grantRecording, type Recording, recording } from './recording.ts';
import { grantSealing, type Sealing, sealing } from './sealing.ts';
import { grantSearching, type Searching, searching } from './searching.ts';
import { grantServing, type Serving, serving } from './serving.ts';
import { grantStreaming, type Streaming, streaming } from './streaming.ts';

export interface Functions
  extends Recording,
    Streaming,
    Indexing,
    Exporting,
    Bundling,
    Querying,
    Searching,
    Sealing,
    Holding,
    Serving {}

/** `roles`: those that the policies of the evidence make exceptions for. */
export function declareFunctions(
  scope: Construct,
  config: StageConfig,
  defaults: CodeDefaults,
  roles: ArchiveRoles,
): Functions {
  return {
    ...recording(scope, config, defaults),
    ...streaming(scope, config, defaults, roles),
    ...indexing(scope, defaults),
    ...exporting(scope, config, defaults),
    ...bundling(scope, config, defaults),
    ...querying(scope, config, defaults),
    ...searching(scope, config, defaults),
    ...sealing(scope, config, defaults, roles),
    ...holding(scope, config, defaults, roles),
    ...serving(scope, config, defaults),
  };
}

/** In any order: what one feature is granted says nothing of another. */
export function grantFunctions(functions: Functions, holdings: Holdings): void {
  grantRecording(functions, holdings);
  grantStreaming(functions, holdings);
  grantIndexing(functions, holdings);
  grantExporting(functions, holdings);
  grantBundling(functions, holdings);
  grantQuerying(functions, holdings);
  grantSearching(functions, holdings);
  grantSealing(functions, holdings);
  grantHolding(functions, holdings);
  grantServing(functions, holdings);
}
