// The one document of the console.

export interface Assets {
  readonly script: string;
  readonly style: string;
  /** Scripts that are asked for anyway. */
  readonly also: readonly string[];
}

/** Without a script there is nothing to show, which it says. Nothing is inline: the policy of the page forbids it. */
export function pageOf({ script, style, also }: Assets): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>Indelible</title>
    <link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
    <link rel="stylesheet" href="${style}">
${also.map((one) => `    <link rel="modulepreload" href="${one}">\n`).join('')}    <script type="module" src="${script}"></script>
  </head>
  <body class="awsui-visual-refresh">
    <div id="app"></div>
    <noscript>This page needs JavaScript. The same is answered by the HTTP API, which /openapi.json describes.</noscript>
  </body>
</html>
`;
}
