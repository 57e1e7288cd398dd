/**
 * The direction of imports: core ← services ← adapters ← functions. names/ is imported by everybody and imports
 * nothing; lib knows names and asset paths, never code; local reads the synthesized template, never code.
 */
const BUILTIN = '^(node:)?[a-z0-9_/]+$';
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
    {
      name: 'resolvable',
      comment: 'aws-lambda has types alone (@types/aws-lambda)',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^aws-lambda$' },
    },
    only('names-import-nothing', '^names/', ['^names/'], 'names are shared by code and infrastructure'),
    only(
      'core-is-pure',
      '^core/',
      [
        '^core/',
        '^names/(order|patterns|time)\\.ts$',
        '^node_modules/(typebox|canonicalize|re2js|@noble)/',
        '^(node:)?crypto$',
      ],
      'core imports itself, the constants that infrastructure has too, its schema library, regular expressions that never backtrack, and cryptography',
    ),
    {
      name: 'crypto-behind-one-port',
      severity: 'error',
      from: { path: '^core/', pathNot: '^core/crypto/' },
      to: { path: '^((node:)?crypto$|node_modules/@noble/)' },
    },
    only(
      'services-use-ports',
      '^services/',
      ['^services/', '^core/', '^names/', '^node_modules/typebox/'],
      'services import core and ports',
    ),
    only(
      'adapters-implement-ports',
      '^adapters/',
      ['^adapters/', '^services/', '^core/', '^names/', '^node_modules/', BUILTIN],
      'adapters import ports, core and libraries',
    ),
    {
      name: 'groups-of-functions-keep-apart',
      comment: 'what calls a function says where it lives; what two groups need is in functions/shared',
      severity: 'error',
      from: { path: '^functions/([^/]+)/' },
      to: { path: '^functions/', pathNot: ['^functions/$1/', '^functions/shared/'] },
    },
    {
      name: 'sdk-only-in-adapters',
      severity: 'error',
      from: { path: '^(core|services|functions|lib)/' },
      to: { path: '^node_modules/@(aws-sdk|smithy)/' },
    },
    {
      name: 'lib-knows-paths-not-code',
      comment: 'infrastructure never imports the code that it deploys',
      severity: 'error',
      from: { path: '^lib/', pathNot: '^lib/(config/domain|site/verifier)\\.ts$' },
      to: { pathNot: ['^lib/', '^names/', '^node_modules/', BUILTIN] },
    },
    only(
      'configuration-is-read-by-the-domain',
      '^lib/config/domain\\.ts$',
      ['^lib/', '^core/(catalog|redact)/'],
      'one file holds the configuration against the readers that functions use later',
    ),
    only(
      'a-page-is-built-with-its-texts',
      '^lib/site/verifier\\.ts$',
      ['^lib/', '^names/', '^verifier/texts/', '^node_modules/', BUILTIN],
      'what a page says without its script is in its catalogs too',
    ),
    only(
      'verifiers-are-the-command',
      '^verifier/',
      ['^verifier/', '^cli/', '^core/', '^services/', '^adapters/', '^names/', '^node_modules/', BUILTIN],
      'what is handed out alone is made of what the command is made of',
    ),
    {
      name: 'nothing-deployed-imports-local',
      severity: 'error',
      from: { path: '^(core|services|adapters|functions|lib|names|console)/' },
      to: { path: '^(local|supply|bench|test|bin)/' },
    },
    only(
      'commands-use-what-is-deployed',
      '^cli/',
      ['^cli/', '^core/', '^services/', '^adapters/', '^names/', '^node_modules/', BUILTIN],
      'the command line is a client: it shares code with functions, but not the functions',
    ),
    only(
      'the-console-is-typed-by-the-description',
      '^console/tools/',
      ['^console/tools/', '^functions/api/operations/', BUILTIN],
      'its types are written from the description',
    ),
    only(
      'the-demo-month-is-pure',
      '^cli/demo/(?!command|options|post|summary)',
      ['^cli/demo/(?!command|options|post|summary)', '^core/', '^(node:)?crypto$'],
      'the month is a function of its options and the day',
    ),
    only(
      'local-runs-the-template',
      '^local/',
      ['^local/', '^names/', '^node_modules/', BUILTIN],
      'the local runtime reads the template, not the code',
    ),
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
