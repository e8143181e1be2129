import { LangEn } from 'ethers/wordlists';

/** What a secret is replaced by in log lines. */
export const REDACTED = '[redacted]';

const schemeAndToken = /\b(bearer|basic)\s+([\w.~+/=-]{8,})/gi;

const patterns: readonly [RegExp, string][] = [
  // A JSON Web Token: service account tokens are such.
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, REDACTED],
  [/(\w:\/\/)[^\s/@:]*:[^\s/@]+@/g, `$1${REDACTED}@`],
  // Providers of chains have their API keys in the path or the query. Nobody can tell them from other paths.
  [/(\b(?:https?|wss?):\/\/[^\s/?#"'<>`]+)(?:\/?[?#]|\/(?=[^\s"'<>`)\],;]))[^\s"'<>`]*/gi, `$1/${REDACTED}`],
];

/** 32 bytes: a private key, a seed. Also a hash: those are told by what is written before them, or by their key. */
const bytes32 = /(?<![0-9a-z])(0x)?[0-9a-f]{64}(?![0-9a-z])/gi;
const hashWord = /(hash|transaction|tx|block|root|topic|digest|sha256|parent|checkpoint)["']?[\s:=([]*$/i;
const hashKey = /(hash|hashes|root|digest|topics?|parent|checkpoint|image|imageID|revision|containerID)$/i;

/** 12 and more words of 3 to 8 letters in a row: most likely a phrase that makes a wallet, but prose can do it too. */
const manyWords = /[a-z]{3,8}(?:[\s,;"'[\]]+[a-z]{3,8}){11,}/gi;
const LEAST_WORDS = 12;

/** The English words of BIP-39, when they are first needed. */
let phraseWords: ReadonlySet<string> | undefined;

function isPhraseWord(word = ''): boolean {
  phraseWords ??= new Set(Array.from({ length: 2048 }, (_, index) => LangEn.wordlist().getWord(index)));
  return phraseWords.has(word.toLowerCase());
}

/**
 * The text without what is, or looks like, a secret: tokens, passwords and paths of URLs, private keys, mnemonic phrases. It rather hides
 * too much: a hash of 32 bytes is shown only where the text, or the key, says that it is one.
 * @param key of the field that holds the text, if any: `blockHash` says that it is a hash
 */
export function redactText(text: string, key = ''): string {
  const clean = patterns.reduce(
    (redacted, [pattern, by]) => redacted.replace(pattern, by),
    redactTokens(text),
  );
  return redactPhrases(hashKey.test(key) ? clean : redactKeys(clean));
}

/** What stands behind the name of a scheme. A phrase may hold the word "basic": the next word of it is left to {@link redactPhrases}. */
function redactTokens(text: string): string {
  return text.replace(schemeAndToken, (found: string, scheme: string, token: string) =>
    isPhraseWord(token.replace(/\.+$/, '')) ? found : `${scheme} ${REDACTED}`,
  );
}

function redactKeys(text: string): string {
  return text.replace(bytes32, (found: string, _prefix: unknown, at: number) =>
    hashWord.test(text.slice(Math.max(0, at - 24), at)) ? found : REDACTED,
  );
}

/** BIP-39: words of one list of 2048, at least 12. Lists with words of every day are not mistaken for one: `the` is not on it. */
function redactPhrases(text: string): string {
  return text.replace(manyWords, (words) => {
    const parts = words.split(/([^a-z]+)/i);
    const kept: string[] = [];
    for (let at = 0; at < parts.length;) {
      const end = endOfPhrase(parts, at);
      const isPhrase = (end - at + 1) / 2 >= LEAST_WORDS;
      // Words are at even places, what is between them at odd ones.
      kept.push(
        isPhrase ? REDACTED : (parts[at] ?? ''),
        isPhrase ? (parts[end] ?? '') : (parts[at + 1] ?? ''),
      );
      at = isPhrase ? end + 1 : at + 2;
    }
    return kept.join('');
  });
}

/** The odd place behind the last word of the phrase that begins here; the place itself, less one, when none does. */
function endOfPhrase(parts: readonly string[], from: number): number {
  let end = from - 1;
  while (isPhraseWord(parts[end + 1])) {
    end += 2;
  }
  return end;
}
