import { createHash } from 'node:crypto';
import { testToken } from '../../../src/chain/contracts/generated/test-token.ts';
import type { Move, StakingProtocol } from '../../../src/chain/protocols/protocol.ts';

/*
 * Stake is moved a few times a day; nothing of it makes 50 transactions a second. So the accounts of the bench have payments to make as
 * well: the protocol of the reference contracts, whose planner also wants them. Everything else is the operator's.
 */

/** What each payment pays, in the smallest unit of the token. */
export const PAYMENT = 1n;

/** So many payments are planned ahead of those that the chain has: more than may wait at a time. */
const AHEAD = 24;

/** All that an account may still pay is in its wallet; a payment is as urgent as a duty that has a day left. */
const DAY_MS = 86_400_000;

/** Who gets the payment with that number of an account: nobody else gets anything, so the balance counts how often it was made. */
export function payee(account: string, index: number): string {
  const digest = createHash('sha256').update(`${account.toLowerCase()} ${index}`).digest('hex');
  return `0x${digest.slice(0, 40)}`;
}

/**
 * The protocol, with an account that pays until its wallet is empty.
 * @param payments how many each account had in its wallet at first
 * @param since milliseconds since 1970: from then on they are due
 */
export function withPayments(protocol: StakingProtocol, payments: number, since: number): StakingProtocol {
  const { transfer } = testToken.writes;
  // Encoded once: what planning a payment costs is the bench's, not the operator's.
  const encoded = new Map<string, string>();
  function dataOf(account: string, number: number): string {
    const to = payee(account, number);
    const data = encoded.get(to) ?? transfer.encode(to, PAYMENT);
    encoded.set(to, data);
    return data;
  }
  return {
    ...protocol,
    plan(facts, state, desired, now) {
      const planned = protocol.plan(facts, state, desired, now);
      const left = Math.min(payments, Number(state.walletTokens / PAYMENT));
      const made = payments - left;
      const due = Array.from({ length: Math.min(left, AHEAD) }, (_, index): Move => {
        const number = made + index;
        return {
          kind: 'Pay',
          key: `payment ${number}`,
          to: facts.token.address,
          data: dataOf(state.address, number),
          duty: { availableAt: since, dueAt: since + DAY_MS, endsAt: since + 2 * DAY_MS },
        };
      });
      return { ...planned, moves: [...planned.moves, ...due] };
    },
    allowed: (facts) => [
      ...protocol.allowed(facts),
      { to: facts.token.address, selector: transfer.selector },
    ],
  };
}
