// Credentials that a vendor marks with a prefix of its own: the table that core/redact/shapes.ts searches by.

/**
 * `cue` is a literal that every match holds: a text without any cue is not searched. `rest` continues the cue as a
 * regular expression. A match starts where the cue is not the middle of a longer word.
 */
type TokenRow = readonly [kind: string, cue: string, rest: string];

const ROWS: readonly TokenRow[] = [
  ['github-token', 'github_pat_', '\\w{22,255}'],
  ...['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'].map((cue): TokenRow => ['github-token', cue, '[A-Za-z0-9]{30,255}']),
  ...['glpat-', 'glptt-', 'gldt-', 'glrt-', 'glcbt-', 'glsoat-'].map(
    (cue): TokenRow => ['gitlab-token', cue, '[\\w.-]{20,255}'],
  ),
  ...['xoxa-', 'xoxb-', 'xoxe-', 'xoxe.', 'xoxo-', 'xoxp-', 'xoxr-', 'xoxs-', 'xapp-'].map(
    (cue): TokenRow => ['slack-token', cue, '[A-Za-z0-9.-]{10,255}'],
  ),
  ...['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_'].map(
    (cue): TokenRow => ['stripe-key', cue, '[A-Za-z0-9]{10,255}'],
  ),
  ['stripe-key', 'whsec_', '[\\w+/=]{16,255}'],
  ['google-api-key', 'AIza', '[\\w-]{35}'],
  ['google-token', 'ya29.', '[\\w-]{20,2048}'],
  ['google-secret', 'GOCSPX-', '[\\w-]{20,64}'],
  ...['hvs.', 'hvb.', 'hvr.'].map((cue): TokenRow => ['vault-token', cue, '[\\w-]{20,512}']),
  ['terraform-token', '.atlasv1.', '[\\w-]{40,255}'],
  ['databricks-token', 'dapi', '[0-9a-f]{32}(?:-\\d)?'],
  ['huggingface-token', 'hf_', '[A-Za-z0-9]{30,64}'],
  ['pypi-token', 'pypi-', '[\\w-]{50,512}'],
  ['npm-token', 'npm_', '[A-Za-z0-9]{36}'],
  ['rubygems-key', 'rubygems_', '[0-9a-f]{48}'],
  ['docker-token', 'dckr_pat_', '[\\w-]{20,64}'],
  ...['dop_v1_', 'doo_v1_', 'dor_v1_'].map((cue): TokenRow => ['digitalocean-token', cue, '[0-9a-f]{64}']),
  ...['shpat_', 'shpca_', 'shppa_', 'shpss_', 'shptka_'].map(
    (cue): TokenRow => ['shopify-token', cue, '[0-9A-Fa-f]{32}'],
  ),
  ...['ATATT', 'ATCTT', 'ATBB', 'ATSTT'].map((cue): TokenRow => ['atlassian-token', cue, '[\\w=-]{20,512}']),
  ...['lin_api_', 'lin_oauth_'].map((cue): TokenRow => ['linear-key', cue, '[A-Za-z0-9]{32,64}']),
  ...['ntn_', 'figd_', 'sntrys_', 'sntryu_'].map((cue): TokenRow => ['api-key', cue, '[\\w+/=-]{32,512}']),
  ['age-key', 'AGE-SECRET-KEY-', '[0-9A-Z-]{40,2048}'],
  ...['sk-', 'gsk_', 'xkeysib-', 'nvapi-'].map((cue): TokenRow => ['api-key', cue, '[\\w-]{20,255}']),
  ['api-key', 'SG.', '[\\w-]{16,64}\\.[\\w-]{16,64}'],
  ['replicate-token', 'r8_', '[A-Za-z0-9]{37,40}'],
  ['postman-key', 'PMAK-', '[0-9a-f]{24}-[0-9a-f]{34}'],
  ['newrelic-key', 'NRAK-', '[A-Z0-9]{27}'],
  ['pulumi-token', 'pul-', '[0-9a-f]{40}'],
  ...['glsa_', 'glc_'].map((cue): TokenRow => ['grafana-token', cue, '[\\w+/=-]{32,400}']),
  ['supabase-key', 'sbp_', '[0-9a-f]{40}'],
  ...['pscale_tkn_', 'pscale_pw_', 'pscale_oauth_'].map(
    (cue): TokenRow => ['planetscale-token', cue, '[\\w.=-]{32,64}'],
  ),
  ...['tskey-auth-', 'tskey-api-', 'tskey-client-'].map((cue): TokenRow => ['tailscale-key', cue, '[\\w-]{20,128}']),
  ['square-token', 'sq0atp-', '[\\w-]{22}'],
  ['square-token', 'sq0csp-', '[\\w-]{43}'],
  ['doppler-token', 'dp.pt.', '[A-Za-z0-9]{40,44}'],
  ['azure-secret', 'Q~', '[\\w.~-]{31,34}'],
];

/** What stands in front of the cue and belongs to the credential. */
const BEFORE: Readonly<Record<string, string>> = { '.atlasv1.': '[A-Za-z0-9]{14}', 'Q~': '[\\w.~-]{3}\\d' };

/** A Telegram bot's token: the bot's number, a colon, 35 characters that begin with AA. */
const TELEGRAM = { kind: 'telegram-token', cue: ':AA', expression: /(?<![\w-])\d{8,10}:AA[\w-]{32,33}(?![\w-])/g };

/** Expressions of one kind each, by cue; searching is linear, since nothing before a cue has more than 15 characters. */
export const TOKENS: readonly { readonly kind: string; readonly cue: string; readonly expression: RegExp }[] = [
  ...ROWS.map(([kind, cue, rest]) => ({
    ...{ kind, cue },
    expression: new RegExp(`(?<![A-Za-z0-9])${BEFORE[cue] ?? ''}${quote(cue)}${rest}`, 'g'),
  })),
  TELEGRAM,
];

export const TOKEN_CUES = [...new Set(TOKENS.map(({ cue }) => cue))].map(quote).join('|');

function quote(literal: string): string {
  return literal.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
