/**
 * The globals of a suite: those of jest-environment-node, on a global object like that of any program. In the context that Jest
 * makes by itself, every use of a global such as `Uint8Array` calls an interceptor, which made a hot loop twenty times as slow.
 */
import vm from 'node:vm';
import { TestEnvironment } from 'jest-environment-node';

const { createContext } = vm;

export default class PlainEnvironment extends TestEnvironment {
  constructor(config, context) {
    vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY);
    try {
      super(config, context);
    } finally {
      vm.createContext = createContext;
    }
  }
}
