/** Every figure, each beside its rival in the same run. `npm run bench` on an otherwise quiet machine. */
import { benchBundles } from './bundles.ts';
import { benchCore, printCore } from './core.ts';
import { benchExports } from './exports.ts';
import { benchHttp } from './http.ts';
import { benchIndex, printIndex } from './index.ts';
import { benchLedger, printLedger } from './ledger.ts';
import { benchSeal } from './seal.ts';
import { benchSearch } from './search.ts';
import { benchVerify } from './verify.ts';

printCore(benchCore());
console.log();
printLedger(await benchLedger());
console.log();
await benchHttp();
console.log();
printIndex(await benchIndex());
console.log();
await benchSearch();
console.log();
await benchExports();
console.log();
await benchVerify();
console.log();
await benchSeal();
benchBundles();
