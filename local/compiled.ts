// Keeps what was compiled between starts.
import { fileURLToPath } from 'node:url';

/** What Node has compiled is kept between starts: stripping types and compiling the CDK is a third of a synthesis. */
export const COMPILE_CACHE = fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url));

/** Bundles by the digest of what they are made of, for starts with other ports or data, whose templates differ. */
export const BUNDLE_CACHE = fileURLToPath(new URL('../node_modules/.cache/bundles', import.meta.url));

/** One empty file for each state machine's definition that was found valid, named by its digest. */
export const DEFINITION_CACHE = fileURLToPath(new URL('../node_modules/.cache/definitions', import.meta.url));
