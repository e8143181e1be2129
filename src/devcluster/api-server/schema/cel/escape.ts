/** Words that CEL keeps for itself (k8s.io/apiserver pkg/cel/escaping.go). */
const RESERVED = new Set(
  (
    'true false null in as break const continue else for function if import let loop package namespace return var void ' +
    'while'
  ).split(' '),
);

const SYMBOLS: Readonly<Record<string, string>> = {
  __: '__underscores__',
  '.': '__dot__',
  '-': '__dash__',
  '/': '__slash__',
};

/** The name by which rules reach a field; undefined for fields that they cannot name. */
export function escapeName(name: string): string | undefined {
  if (RESERVED.has(name)) {
    return `__${name}__`;
  }
  const escaped = name.replaceAll(/__|[-./]/g, (symbol) => SYMBOLS[symbol] ?? symbol);
  return /^[A-Za-z_]\w*$/.test(escaped) ? escaped : undefined;
}
