/** The globals of a suite: those of jest-environment-node, on a global object like that of any program. */
import v8 from 'node:v8';
import vm from 'node:vm';
import { TestEnvironment } from 'jest-environment-node';

const { createContext } = vm;

// V8's cache of what it compiled is of no use from one suite to the next, whose modules have another referrer. But by that
// referrer it holds everything that a suite ever had, for dozens of suites, and each collection of garbage walks through that.
v8.setFlagsFromString('--no-compilation-cache');

export default class PlainEnvironment extends TestEnvironment {
  /**
   * In the context that Jest makes by itself, every use of a global such as `Uint8Array` calls an interceptor, which makes a hot
   * loop twenty times as slow.
   */
  constructor(config, context) {
    vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY);
    try {
      super(config, context);
    } finally {
      vm.createContext = createContext;
    }
  }
}
