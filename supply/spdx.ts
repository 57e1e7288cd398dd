/** SPDX licence expressions (SPDX 2.3, annex D), as far as one is asked whether its terms are allowed. */

const TOKEN = /\s*(\(|\)|[A-Za-z0-9.+:-]+)/y;

/** Which identifiers keep the expression from being allowed; none when it is. Throws when it is no expression. */
export function refusedBy(expression: string, isAllowed: (id: string) => boolean): string[] {
  const tokens = tokensOf(expression);
  const refused = either(tokens, isAllowed);
  if (tokens.length > 0) throw new Error(`"${expression}" is no SPDX expression`);
  return refused;
}

function tokensOf(expression: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < expression.trimEnd().length) {
    const at = TOKEN.exec(expression);
    if (at === null) throw new Error(`"${expression}" is no SPDX expression`);
    tokens.push(at[1] as string);
  }
  return tokens;
}

/** Whoever uses a package chooses: one allowed alternative is enough. */
function either(tokens: string[], isAllowed: (id: string) => boolean): string[] {
  let refused = both(tokens, isAllowed);
  while (tokens[0] === 'OR') {
    tokens.shift();
    const other = both(tokens, isAllowed);
    refused = refused.length === 0 || other.length === 0 ? [] : [...refused, ...other];
  }
  return refused;
}

function both(tokens: string[], isAllowed: (id: string) => boolean): string[] {
  const refused = term(tokens, isAllowed);
  while (tokens[0] === 'AND') {
    tokens.shift();
    refused.push(...term(tokens, isAllowed));
  }
  return refused;
}

function term(tokens: string[], isAllowed: (id: string) => boolean): string[] {
  const token = tokens.shift();
  if (token === '(') {
    const refused = either(tokens, isAllowed);
    if (tokens.shift() !== ')') throw new Error('an SPDX expression lacks a closing parenthesis');
    return refused;
  }
  const licence = named(token);
  if (tokens[0] !== 'WITH') return isAllowed(licence) ? [] : [licence];
  tokens.shift();
  const whole = `${licence} WITH ${named(tokens.shift())}`;
  return isAllowed(whole) ? [] : [whole];
}

function named(token: string | undefined): string {
  if (token !== undefined && !/^([()]|AND|OR|WITH)$/.test(token)) return token;
  throw new Error('an SPDX expression lacks a licence or an exception');
}
