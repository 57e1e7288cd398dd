/**
 * Every figure, each beside its rival in the same run, and a table of what a person waits for:
 * `npm run bench -- [--against DIRECTORY]` on an otherwise quiet machine; the directory is another checkout to measure beside this.
 */
import { parseArgs } from 'node:util';
import { benchBrowser } from './browser.ts';
import { benchBundleExport } from './bundle-export.ts';
import { benchBundles } from './bundles.ts';
import { benchCore, printCore } from './core.ts';
import { benchExports } from './exports.ts';
import { printGoals } from './goals.ts';
import { benchHttp } from './http.ts';
import { benchIndex, printIndex } from './index.ts';
import { benchLedger, printLedger } from './ledger.ts';
import { benchLocal } from './local.ts';
import { benchRivals } from './rivals.ts';
import { benchSeal } from './seal.ts';
import { benchSearch } from './search.ts';
import { benchVerify } from './verify.ts';

const { against } = parseArgs({ options: { against: { type: 'string' } } }).values;

printCore(benchCore());
console.log();
printLedger(await benchLedger());
await benchRivals();
console.log();
await benchHttp();
console.log();
await benchLocal({ against });
console.log();
printIndex(await benchIndex());
console.log();
await benchSearch({ against });
console.log();
await benchExports();
console.log();
await benchBundleExport();
console.log();
await benchVerify({ against });
await benchBrowser();
console.log();
await benchSeal();
benchBundles();
console.log();
printGoals();
