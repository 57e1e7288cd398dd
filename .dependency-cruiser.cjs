/** The direction of imports (docs/architecture.md): core ← services ← adapters ← functions; lib and local never reach into them. */
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { pathNot: allowed },
});

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    only('core-is-pure', '^core/', ["^core/", "^node_modules/(typebox|canonicalize)/", "^(node:)?crypto$"], 'core imports only itself, its schema and canonicalization libraries'),
    {
      name: 'crypto-behind-one-file',
      severity: 'error',
      from: { path: '^core/', pathNot: '^core/crypto\\.ts$' },
      to: { path: '^(node:)?crypto$' },
    },
    only('services-use-ports', '^services/', ['^services/', '^core/', '^node_modules/typebox/'], 'services import core and ports'),
    only('adapters-implement-ports', '^adapters/', ['^adapters/', '^services/', '^core/', '^node_modules/', '^(node:)?[a-z_/]+$'], 'adapters import ports, core and libraries'),
    { name: 'sdk-only-in-adapters', severity: 'error', from: { path: '^(core|services|functions|lib|bin)/' }, to: { path: '^node_modules/@(aws-sdk|smithy)/' } },
    only('lib-knows-paths-not-code', '^lib/', ['^lib/', '^node_modules/', '^(node:)?[a-z_/]+$'], 'infrastructure never imports the code that it deploys'),
    { name: 'nothing-deployed-imports-local', severity: 'error', from: { path: '^(core|services|adapters|functions|lib)/' }, to: { path: '^(local|bench|test)/' } },
    { name: 'local-runs-the-template', severity: 'error', from: { path: '^local/' }, to: { path: '^(functions|services|lib|core)/', pathNot: '^lib/config/' } },
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.json'], exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
