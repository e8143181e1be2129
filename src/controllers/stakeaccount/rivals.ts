import type { Immutable } from '../../api/kube-object.ts';
import type { StakeAccount } from '../../api/stake-account.ts';

/**
 * The StakeAccount that manages the same account on the same chain and goes before this one; undefined when there is none. Two that
 * stake with one key would each undo what the other does. The older goes first.
 * @param chainOf the chain of an account's network; undefined when the network is not known
 */
export function rivalOf(
  account: Immutable<StakeAccount>,
  all: Iterable<Immutable<StakeAccount>>,
  chainOf: (account: Immutable<StakeAccount>) => number | undefined,
): Immutable<StakeAccount> | undefined {
  if (account.spec.mode !== 'Manage') {
    return undefined;
  }
  const chain = chainOf(account);
  return [...all].find(
    (other) =>
      other.metadata.uid !== account.metadata.uid &&
      other.spec.mode === 'Manage' &&
      other.spec.address.toLowerCase() === account.spec.address.toLowerCase() &&
      chain !== undefined &&
      chainOf(other) === chain &&
      goesBefore(other, account),
  );
}

function goesBefore(
  { metadata: a }: Immutable<StakeAccount>,
  { metadata: b }: Immutable<StakeAccount>,
): boolean {
  const [first, second] = [Date.parse(a.creationTimestamp), Date.parse(b.creationTimestamp)];
  return first === second ? a.uid < b.uid : first < second;
}
