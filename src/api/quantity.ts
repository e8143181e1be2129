/*
 * Kubernetes quantities ('500m', '40Gi', '1e3'), exactly: as whole nano-units in a bigint, which is also the finest that
 * Kubernetes itself keeps (apimachinery, resource.Quantity).
 */

/** How a quantity was written, and is written again. */
type QuantityForm = 'DecimalSI' | 'BinarySI' | 'DecimalExponent';

export interface Quantity {
  /** The amount in billionths of a unit. */
  readonly nanos: bigint;
  readonly form: QuantityForm;
}

const NANO = 10n ** 9n;
const KIBI = 1024n * NANO;

/** Larger amounts are cut to this one, 2^63 - 1 units: the limit that Kubernetes documents. */
const MAX_NANOS = (2n ** 63n - 1n) * NANO;

/** Beyond this many digits before or after the point, an amount is certainly the largest or the smallest there is. */
const MAX_EXPONENT = 40;

const DECIMAL_SUFFIXES = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const BINARY_SUFFIXES = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

const GRAMMAR = /^([+-]?)([0-9]*)(?:\.([0-9]*))?(?:([KMGTPE]i)|([numkMGTPE])|[eE]([+-]?[0-9]+))?$/;

/**
 * Reads a quantity. Amounts finer than a billionth are rounded away from zero, larger ones than 2^63 - 1 are cut to that,
 * as Kubernetes does.
 * @param value as it stands in an object: a string, or an integer that someone wrote without quotes.
 * @throws QuantityError when it is not a quantity.
 */
export function parseQuantity(value: string | number): Quantity {
  const text = String(value);
  const match = GRAMMAR.exec(text);
  const [, sign, whole = '', fraction = '', binary, decimal, exponent] = match ?? [];
  if (whole === '' && fraction === '') {
    throw new QuantityError(text);
  }
  const digits = BigInt(whole + fraction);
  const negative = sign === '-';
  if (binary !== undefined) {
    const factor = 1024n ** BigInt(BINARY_SUFFIXES.indexOf(binary));
    const nanos = divideUp(digits * factor * NANO, 10n ** BigInt(fraction.length));
    // Kubernetes writes what is less than one byte in decimal form.
    return limited(nanos, negative, nanos < NANO ? 'DecimalSI' : 'BinarySI');
  }
  const power = exponent === undefined ? 3 * (DECIMAL_SUFFIXES.indexOf(decimal ?? '') - 3) : Number(exponent);
  const nanos = scaled(digits, power - fraction.length + 9);
  return limited(nanos, negative, exponent === undefined ? 'DecimalSI' : 'DecimalExponent');
}

/** Thrown for text that is not a quantity; the message says what is allowed. */
export class QuantityError extends Error {
  constructor(text: string) {
    super(
      `'${text}' is not a quantity: it must be a number with at most one suffix of n, u, m, k, M, G, T, P, E, Ki, Mi, Gi, Ti, Pi, Ei or an exponent, such as '40Gi', '500m' or '1e3'`,
    );
    this.name = 'QuantityError';
  }
}

/** Negative when `a` is less than `b`, positive when it is more, 0 when both are the same amount. */
export function compareQuantities(a: Quantity, b: Quantity): number {
  return a.nanos < b.nanos ? -1 : Number(a.nanos > b.nanos);
}

/** The sum, written as `a` is. Not cut: sums of allowed amounts may exceed 2^63 - 1. */
export function addQuantities(a: Quantity, b: Quantity): Quantity {
  return { nanos: a.nanos + b.nanos, form: a.form };
}

/** The amount in whole units, rounded up (away from zero): bytes of memory, numbers of GPUs. */
export function wholeUnits({ nanos }: Quantity): bigint {
  return nanos < 0n ? -divideUp(-nanos, NANO) : divideUp(nanos, NANO);
}

/** The canonical text: no fraction, and the largest suffix that loses nothing. */
export function formatQuantity({ nanos, form }: Quantity): string {
  if (nanos === 0n) {
    return '0';
  }
  // As Kubernetes: a binary suffix only for whole units, and from 1024 of them.
  const binary = form === 'BinarySI' && nanos % NANO === 0n && (nanos >= KIBI || nanos <= -KIBI);
  if (binary) {
    const [amount, power] = factored(nanos / NANO, 1024n, BINARY_SUFFIXES.length - 1);
    return `${amount}${BINARY_SUFFIXES[power] ?? ''}`;
  }
  const [amount, power] = factored(nanos, 1000n, DECIMAL_SUFFIXES.length - 1);
  if (form !== 'DecimalExponent') {
    return `${amount}${DECIMAL_SUFFIXES[power] ?? ''}`;
  }
  return power === 3 ? `${amount}` : `${amount}e${3 * (power - 3)}`;
}

/** Takes `base` out of the amount as often as it goes, at most `limit` times: what is left, and how often. */
function factored(amount: bigint, base: bigint, limit: number): [bigint, number] {
  let left = amount;
  let power = 0;
  while (power < limit && left % base === 0n) {
    left /= base;
    power += 1;
  }
  return [left, power];
}

/** `digits` x 10^`power`, rounded up. The power is bounded first: no text makes a number of a billion digits. */
function scaled(digits: bigint, power: number): bigint {
  if (digits === 0n) {
    return 0n;
  }
  if (power >= 0) {
    return power > MAX_EXPONENT ? MAX_NANOS : digits * 10n ** BigInt(power);
  }
  const beyond = String(digits).length + power < -MAX_EXPONENT;
  return beyond ? 1n : divideUp(digits, 10n ** BigInt(-power));
}

function divideUp(amount: bigint, by: bigint): bigint {
  return (amount + by - 1n) / by;
}

function limited(nanos: bigint, negative: boolean, form: QuantityForm): Quantity {
  const magnitude = nanos > MAX_NANOS ? MAX_NANOS : nanos;
  return { nanos: negative ? -magnitude : magnitude, form };
}
