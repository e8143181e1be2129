import { randomInt } from 'node:crypto';

/** apimachinery's alphabet: no vowels, so no words; nothing that looks like something else. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';
const LENGTH = 5;
/** 63 less the suffix: the name must fit into a label. */
const MAX_BASE = 58;

/** The name of a new object that came with `metadata.generateName`. */
export function generatedName(base: string): string {
  const suffix = Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return base.slice(0, MAX_BASE) + suffix;
}
