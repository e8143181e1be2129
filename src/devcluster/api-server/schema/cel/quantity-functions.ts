import type { Environment } from '@marcbachmann/cel-js';
import { addQuantities, compareQuantities, parseQuantity, type Quantity } from '../../../../api/quantity.ts';

const NANO = 10n ** 9n;
const MOST = 2n ** 63n - 1n;

/** The library tells types of values by their constructor. */
class CelQuantity {
  readonly amount: Quantity;

  constructor(amount: Quantity) {
    this.amount = amount;
  }
}

/** `quantity()`, `isQuantity()` and what is done with quantities (k8s.io/apiserver pkg/cel/library/quantity.go). */
export function registerQuantities(environment: Environment): void {
  environment
    .registerType('Quantity', CelQuantity)
    .registerFunction('isQuantity(string): bool', isQuantity)
    .registerFunction('quantity(string): Quantity', (text: string) => new CelQuantity(parseQuantity(text)))
    .registerFunction(
      'Quantity.isInteger(): bool',
      ({ amount }: CelQuantity) => asInteger(amount) !== undefined,
    )
    .registerFunction('Quantity.asInteger(): int', ({ amount }: CelQuantity) => {
      const integer = asInteger(amount);
      if (integer === undefined) {
        throw new Error('cannot convert value to integer');
      }
      return integer;
    })
    .registerFunction(
      'Quantity.asApproximateFloat(): double',
      ({ amount }: CelQuantity) => Number(amount.nanos) / Number(NANO),
    )
    .registerFunction('Quantity.sign(): int', ({ amount }: CelQuantity) =>
      BigInt(Math.sign(Number(amount.nanos))),
    )
    .registerFunction('Quantity.compareTo(Quantity): int', (left: CelQuantity, right: CelQuantity) =>
      BigInt(compare(left, right)),
    )
    .registerFunction(
      'Quantity.isGreaterThan(Quantity): bool',
      (left: CelQuantity, right: CelQuantity) => compare(left, right) > 0,
    )
    .registerFunction(
      'Quantity.isLessThan(Quantity): bool',
      (left: CelQuantity, right: CelQuantity) => compare(left, right) < 0,
    )
    .registerOperator(
      'Quantity == Quantity',
      (left: CelQuantity, right: CelQuantity) => compare(left, right) === 0,
    );
  for (const [name, sign] of [
    ['add', 1n],
    ['sub', -1n],
  ] as const) {
    environment
      .registerFunction(`Quantity.${name}(Quantity): Quantity`, (left: CelQuantity, right: CelQuantity) =>
        plus(left, sign * right.amount.nanos),
      )
      .registerFunction(`Quantity.${name}(int): Quantity`, (left: CelQuantity, right: bigint) =>
        plus(left, sign * right * NANO),
      );
  }
}

function isQuantity(text: string): boolean {
  try {
    parseQuantity(text);
    return true;
  } catch {
    return false;
  }
}

function asInteger({ nanos }: Quantity): bigint | undefined {
  const isWhole = nanos % NANO === 0n;
  const units = nanos / NANO;
  return isWhole && units <= MOST && units >= -MOST ? units : undefined;
}

function compare(left: CelQuantity, right: CelQuantity): number {
  return compareQuantities(left.amount, right.amount);
}

function plus({ amount }: CelQuantity, nanos: bigint): CelQuantity {
  return new CelQuantity(addQuantities(amount, { nanos, form: amount.form }));
}
