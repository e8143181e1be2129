const compiled = new Map<string, RegExp>();

/**
 * A regular expression of a schema, written for Go's RE2. What schemas use of RE2 is what JavaScript has too, but for the
 * names of text ends, flags at the start, and named groups.
 * @throws SyntaxError when it is no regular expression
 */
export function regularExpression(pattern: string): RegExp {
  const known = compiled.get(pattern);
  if (known !== undefined) {
    return known;
  }
  const [, flags = '', body = ''] = /^(?:\(\?([ims]+)\))?([\s\S]*)$/.exec(pattern) ?? [];
  const source = body
    .replaceAll(/\(\?P</g, '(?<')
    .replaceAll(/\\A/g, '^')
    .replaceAll(/\\z/g, '$')
    .replaceAll(/\[:(\w+):\]/g, (whole, name: string) => POSIX_CLASSES[name] ?? whole);
  const expression = withUnicode(source, flags);
  compiled.set(pattern, expression);
  return expression;
}

const POSIX_CLASSES: Readonly<Record<string, string>> = {
  alnum: 'A-Za-z0-9',
  alpha: 'A-Za-z',
  digit: '0-9',
  lower: 'a-z',
  upper: 'A-Z',
  punct: String.raw`!-\/:-@\[-\x60{-~`,
  space: String.raw`\t\n\v\f\r `,
  word: 'A-Za-z0-9_',
  xdigit: '0-9A-Fa-f',
};

/** RE2 works on characters; JavaScript does with the flag `u`, which however refuses escapes that RE2 takes, such as `\-`. */
function withUnicode(source: string, flags: string): RegExp {
  try {
    return new RegExp(source, `${flags}u`);
  } catch {
    return new RegExp(source, flags);
  }
}
