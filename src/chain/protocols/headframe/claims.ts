import { ZeroHash } from 'ethers';
import { formatOrdinals } from '../../../api/ordinals.ts';
import { epochRewards } from '../../contracts/generated/epoch-rewards.ts';
import type { EpochRoot } from '../../contracts/generated/epoch-rewards.ts';
import { rootOfProof } from '../../contracts/reward-tree.ts';
import { CLAIM } from '../protocol.ts';
import type { ClaimMove, ClaimStanding, NetworkFacts, RewardClaim, SeenClaim } from '../protocol.ts';
import { addressesOf } from './addresses.ts';
import { question } from './ask.ts';
import type { Ask, Question } from './ask.ts';

/** Claims in one transaction. */
const BATCH = 16;

/** What a transaction and a payment use, and what each claim adds, in units of gas: above what bench/gas measures. */
const BASE_GAS = 120_000n;
const GAS_PER_CLAIM = 80_000n;
const GAS_PER_SIBLING = 2000n;

/** Bytes of call data that claims may have: a ChainTransaction keeps 16,384 in all. */
const MAX_CLAIM_BYTES = 16_000;

const { rootOf, claimed } = epochRewards.reads;

/** Whose claims are asked after. */
interface Claimant {
  readonly facts: NetworkFacts;
  /** In any capitals. */
  readonly address: string;
  /** When the block was made at which they are asked after, seconds since 1970. */
  readonly timestamp: number;
}

/** Claims as the block of the questions has them, in their order. Two questions for each. @throws ProtocolMismatch, RpcError, MulticallError */
export async function readClaims(
  ask: Ask,
  { facts, address, timestamp }: Claimant,
  claims: readonly RewardClaim[],
): Promise<readonly SeenClaim[]> {
  const at = contractOf(facts);
  const provider = address.toLowerCase();
  if (at === undefined) {
    return claims.map((claim) => ({ ...claim, standing: 'Unposted', claimableAt: 0 }));
  }
  return Promise.all(
    claims.map(async (claim) => {
      const [posted, isPaid] = await Promise.all([
        ask(question(at, rootOf, BigInt(claim.epoch))),
        ask(paidQuestion(at, provider, claim.epoch)),
      ]);
      const claimableAt = Number(posted.claimableAt) * 1000;
      const isOver = timestamp >= posted.claimableAt;
      return { ...claim, standing: standingOf(claim, { provider, posted, isPaid, isOver }), claimableAt };
    }),
  );
}

/** Of the epochs those for which the account is paid. @throws ProtocolMismatch, RpcError, MulticallError */
export async function readPaid(
  ask: Ask,
  facts: NetworkFacts,
  address: string,
  epochs: readonly number[],
): Promise<ReadonlySet<number>> {
  const at = contractOf(facts);
  if (at === undefined) {
    return new Set();
  }
  const paid = await Promise.all(epochs.map((epoch) => ask(paidQuestion(at, address.toLowerCase(), epoch))));
  return new Set(epochs.filter((_, index) => paid[index]));
}

/** The oldest claims that can be claimed now and fit into one transaction. Undefined when there is none. Pure. */
export function claim(
  facts: NetworkFacts,
  address: string,
  claims: readonly SeenClaim[],
): ClaimMove | undefined {
  const to = addressesOf(facts).epochRewards;
  const chosen = fitting(claims.filter(({ standing }) => standing === 'Claimable'));
  const [first, second] = chosen;
  const provider = address.toLowerCase();
  if (to === undefined || first === undefined || facts.paused.includes('EpochRewards')) {
    return undefined;
  }
  const args = chosen.map(({ epoch, amount, proof }) => ({ epoch: BigInt(epoch), amount, proof }));
  const data =
    second === undefined
      ? epochRewards.writes.claim.encode(provider, BigInt(first.epoch), first.amount, first.proof)
      : epochRewards.writes.claimMany.encode(provider, args);
  const siblings = chosen.reduce((sum, { proof }) => sum + proof.length, 0);
  return {
    kind: CLAIM,
    key: `epochs ${formatOrdinals(chosen.map(({ epoch }) => epoch))}`,
    to,
    data,
    claims: chosen,
    gas: BASE_GAS + GAS_PER_CLAIM * BigInt(chosen.length) + GAS_PER_SIBLING * BigInt(siblings),
  };
}

function fitting(claims: readonly SeenClaim[]): readonly SeenClaim[] {
  const chosen: SeenClaim[] = [];
  let bytes = 0;
  for (const each of claims.toSorted((a, b) => a.epoch - b.epoch)) {
    // Offset, epoch, amount, offset and length of the proof, then the proof.
    bytes += 32 * (5 + each.proof.length);
    if (chosen.length === BATCH || bytes > MAX_CLAIM_BYTES) {
      break;
    }
    chosen.push(each);
  }
  return chosen;
}

interface Facts {
  readonly provider: string;
  readonly posted: EpochRoot;
  readonly isPaid: boolean;
  /** Whether the challenge is over. */
  readonly isOver: boolean;
}

/** EpochRewards._claim, without its effects. */
function standingOf(
  { epoch, amount, proof }: RewardClaim,
  { provider, posted, isPaid, isOver }: Facts,
): ClaimStanding {
  if (posted.root === ZeroHash) {
    return 'Unposted';
  }
  if (rootOfProof(BigInt(epoch), { provider, amount }, proof) !== posted.root) {
    return 'Disproved';
  }
  if (isPaid) {
    return 'Claimed';
  }
  if (amount > posted.total - posted.claimed) {
    return 'Disproved';
  }
  return isOver ? 'Claimable' : 'Challenged';
}

interface Contract {
  readonly contract: string;
  readonly to: string;
}

function contractOf(facts: NetworkFacts): Contract | undefined {
  const to = addressesOf(facts).epochRewards;
  return to === undefined ? undefined : { contract: epochRewards.name, to };
}

function paidQuestion(at: Contract, address: string, epoch: number): Question<boolean> {
  return question(at, claimed, address, BigInt(epoch));
}
