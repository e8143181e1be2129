const MICRO_PER_USD = 1_000_000;

/** `2500000` micro-USD as `2.50 USD`: two decimals, more only where the amount has them. */
export function formatUsd(microUsd: number): string {
  const exact = (microUsd / MICRO_PER_USD).toFixed(6);
  return `${exact.replace(/0{1,4}$/, '')} USD`;
}
