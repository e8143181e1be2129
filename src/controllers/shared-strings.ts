/** Gives equal strings one place in memory. */
export type Share = (text: string) => string;

/**
 * Parsing makes a new string of every label, owner and time of every one of ten thousand pods, and most of them say the same. Only
 * for strings that repeat: each is remembered. When `limit` are, all are forgotten, which costs nothing but the sharing.
 */
export function sharedStrings(limit = 50_000): Share {
  const known = new Map<string, string>();
  return (text) => {
    const first = known.get(text);
    if (first !== undefined) {
      return first;
    }
    if (known.size >= limit) {
      known.clear();
    }
    known.set(text, text);
    return text;
  };
}
