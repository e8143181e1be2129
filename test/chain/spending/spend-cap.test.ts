import assert from 'node:assert/strict';
import fc from 'fast-check';
import { wei } from '../../../src/chain/amounts/amount.ts';
import type { Wei } from '../../../src/chain/amounts/amount.ts';
import { LedgerRecordError, fromRecord, toRecord } from '../../../src/chain/spending/ledger-record.ts';
import { remainingWei, reserve } from '../../../src/chain/spending/spend-cap.ts';
import type { SpendCap, SpendRequest } from '../../../src/chain/spending/spend-cap.ts';
import {
  WINDOW_MS,
  emptyLedger,
  ledgerFrom,
  nextExpiry,
  receiptCost,
  release,
  reservedWei,
  settle,
  spentWithin,
  withReservation,
} from '../../../src/chain/spending/spend-ledger.ts';
import type { SpendLedger } from '../../../src/chain/spending/spend-ledger.ts';

const HOUR_MS = 3_600_000;
const NOON = Date.UTC(2026, 0, 1, 12);
const cap: SpendCap = { capWei: wei(1000n), essentialReserveWei: wei(300n) };

function request(id: string, worstCase: bigint, essential = false): SpendRequest {
  return { id, worstCaseWei: wei(worstCase), essential };
}

function granted(ledger: SpendLedger, asked: SpendRequest, now = NOON): SpendLedger {
  const decision = reserve(ledger, asked, cap, now);
  assert.ok(decision.granted, JSON.stringify(decision));
  return decision.ledger;
}

/** A ledger in which so much was spent at that time. */
function spent(amount: bigint, at: number, before: SpendLedger = emptyLedger): SpendLedger {
  const id = `${amount}@${at}`;
  const ledger = {
    ...before,
    reservations: new Map(before.reservations).set(id, { id, worstCaseWei: wei(amount) }),
  };
  return settle(ledger, { id, costWei: wei(amount), minedAtMs: at }, at);
}

describe('spend cap', () => {
  it('grants up to the cap, and keeps the reserve for essential duties', () => {
    const ledger = granted(emptyLedger, request('a', 700n));
    assert.equal(remainingWei(ledger, cap, false, NOON), 0n);
    assert.equal(remainingWei(ledger, cap, true, NOON), 300n);
    assert.equal(reserve(ledger, request('b', 1n), cap, NOON).granted, false);
    assert.equal(reserve(ledger, request('b', 301n, true), cap, NOON).granted, false);
    assert.equal(reservedWei(granted(ledger, request('b', 300n, true))), 1000n);
  });

  it('explains a refusal with the numbers, and says when to look again', () => {
    const ledger = granted(spent(500n, NOON), request('a', 100n));
    assert.deepEqual(reserve(ledger, request('b', 200n), cap, NOON), {
      granted: false,
      explanation:
        'it may cost 0.0000000000000002 of the coin; the cap allows 0.000000000000001 in 24 hours and keeps 0.0000000000000003 ' +
        'for essential duties, of which 0.0000000000000005 is spent and 0.0000000000000001 reserved for transactions under way',
      notBeforeMs: NOON + WINDOW_MS + HOUR_MS,
    });
  });

  it('counts a replacement once, at the larger of both worst cases', () => {
    const ledger = granted(granted(emptyLedger, request('a', 500n)), request('a', 600n));
    assert.equal(reservedWei(ledger), 600n);
    assert.equal(reservedWei(granted(ledger, request('a', 100n))), 600n);
    assert.equal(reserve(ledger, request('a', 701n), cap, NOON).granted, false);
  });

  it('puts the real cost in the place of the reservation, once', () => {
    const cost = { id: 'a', costWei: wei(120n), minedAtMs: NOON };
    const settled = settle(granted(emptyLedger, request('a', 500n)), cost, NOON);
    assert.equal(reservedWei(settled), 0n);
    assert.equal(spentWithin(settled, NOON), 120n);
    assert.equal(settle(settled, cost, NOON), settled);
  });

  it('frees what will never be mined', () => {
    assert.deepEqual(release(granted(emptyLedger, request('a', 500n)), 'a'), emptyLedger);
  });

  it('forgets an hour when all of it is a day ago', () => {
    const ledger = spent(700n, NOON + 1);
    assert.equal(spentWithin(ledger, NOON + WINDOW_MS + HOUR_MS - 1), 700n);
    assert.equal(spentWithin(ledger, NOON + WINDOW_MS + HOUR_MS), 0n);
    assert.equal(nextExpiry(ledger, NOON), NOON + WINDOW_MS + HOUR_MS);
    assert.equal(nextExpiry(ledger, NOON + WINDOW_MS + HOUR_MS), undefined);
  });

  it('counts what lies in the future: a clock that went back frees no money', () => {
    assert.equal(spentWithin(spent(700n, NOON), NOON - 3 * WINDOW_MS), 700n);
  });

  it('a reserve larger than the cap leaves nothing for the others', () => {
    const strict = { capWei: wei(100n), essentialReserveWei: wei(200n) };
    assert.equal(remainingWei(emptyLedger, strict, false, NOON), 0n);
    assert.equal(remainingWei(emptyLedger, strict, true, NOON), 100n);
  });

  it('adds what a rollup charges for L1 to the cost of gas', () => {
    const gas = { gasUsed: 21_000n, effectiveGasPrice: wei(7n) };
    assert.equal(receiptCost(gas), 147_000n);
    assert.equal(receiptCost({ ...gas, l1Fee: wei(1000n) }), 148_000n);
  });
});

describe('a ledger from all that is known', () => {
  const amount = fc.bigInt({ min: 0n, max: 1000n }).map(wei);
  const at = fc.integer({ min: NOON - 3 * WINDOW_MS, max: NOON + 2 * HOUR_MS });
  const spending = fc.record({ costWei: amount, minedAtMs: at });

  it('says what reserving and settling one after the other says', () => {
    fc.assert(
      fc.property(fc.array(amount), fc.array(spending), (reserved, paid) => {
        const open = reserved.map((worstCaseWei, index) => ({ id: `open-${index}`, worstCaseWei }));
        const oneByOne = paid.reduce(
          (ledger, each, index) => {
            const id = `paid-${index}`;
            return settle(withReservation(ledger, { id, worstCaseWei: each.costWei }), { id, ...each }, NOON);
          },
          open.reduce(withReservation, emptyLedger),
        );

        const ledger = ledgerFrom(open, paid, NOON);

        assert.equal(spentWithin(ledger, NOON), spentWithin(oneByOne, NOON));
        assert.equal(nextExpiry(ledger, NOON), nextExpiry(oneByOne, NOON));
        assert.deepEqual(ledger.reservations, oneByOne.reservations);
      }),
    );
  });
});

describe('the record of a ledger', () => {
  it('is plain JSON in one order', () => {
    const ledger = granted(
      granted(spent(5n, NOON, spent(7n, NOON - HOUR_MS)), request('b', 2n)),
      request('a', 1n),
    );
    assert.deepEqual(toRecord(ledger), {
      spent: [
        { hour: NOON / HOUR_MS - 1, wei: '7' },
        { hour: NOON / HOUR_MS, wei: '5' },
      ],
      reserved: [
        { id: 'a', worstCaseWei: '1' },
        { id: 'b', worstCaseWei: '2' },
      ],
    });
  });

  const broken: [string, unknown][] = [
    ['nothing', undefined],
    ['a text', 'spent'],
    ['a negative amount', { spent: [{ hour: 1, wei: '-1' }], reserved: [] }],
    ['an amount as a number', { spent: [{ hour: 1, wei: 5 }], reserved: [] }],
    ['half an hour', { spent: [{ hour: 0.5, wei: '1' }], reserved: [] }],
    [
      'an hour twice',
      {
        spent: [
          { hour: 1, wei: '1' },
          { hour: 1, wei: '1' },
        ],
        reserved: [],
      },
    ],
    ['no reservations', { spent: [] }],
  ];
  for (const [title, record] of broken) {
    it(`refuses ${title}`, () => assert.throws(() => fromRecord(record), LedgerRecordError));
  }
});

/** What may happen to an account, in any order. */
type Step =
  | { kind: 'reserve'; tx: number; worstCase: bigint; essential: boolean }
  | { kind: 'mine'; tx: number; costPercent: number }
  | { kind: 'settle'; tx: number }
  | { kind: 'release'; tx: number }
  | { kind: 'wait'; ms: number }
  | { kind: 'restart' };

const tx = fc.integer({ min: 0, max: 9 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('reserve' as const),
    tx,
    worstCase: fc.bigInt({ min: 0n, max: 400n }),
    essential: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('mine' as const), tx, costPercent: fc.integer({ min: 0, max: 100 }) }),
  fc.record({ kind: fc.constant('settle' as const), tx }),
  fc.record({ kind: fc.constant('release' as const), tx }),
  fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 9 * HOUR_MS }) }),
  fc.constant({ kind: 'restart' as const }),
);

describe('what is really spent', () => {
  it('never exceeds the cap in any 24 hours, nor the optional part its share, whatever happens in whatever order', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const world = accountWorld();
        steps.forEach(world.apply);
        world.check();
      }),
      { numRuns: 400 },
    );
  });
});

/** An account on a chain on which a granted transaction may be mined at any later time, at any price up to its worst case. */
function accountWorld(): { apply: (step: Step) => void; check: () => void } {
  let now = NOON;
  let ledger = emptyLedger;
  let generation = 0;
  const pending = new Map<string, { worstCase: Wei; essential: boolean }>();
  const mined: { id: string; cost: bigint; at: number; essential: boolean; settled: boolean }[] = [];
  const ids = new Map<number, string>();

  function idOf(number: number): string {
    const id = ids.get(number) ?? `${number}#${generation++}`;
    ids.set(number, id);
    return id;
  }

  function ask(id: string, worstCase: bigint, essential: boolean): void {
    if (mined.some((each) => each.id === id)) {
      return;
    }
    const known = pending.get(id);
    // A replacement belongs to the same effect, so its lane does not change.
    const lane = known?.essential ?? essential;
    const decision = reserve(ledger, request(id, worstCase, lane), cap, now);
    if (decision.granted) {
      ledger = decision.ledger;
      const before = known?.worstCase ?? wei(0n);
      pending.set(id, { worstCase: wei(worstCase > before ? worstCase : before), essential: lane });
    }
  }

  return {
    apply(each) {
      switch (each.kind) {
        case 'reserve':
          ask(idOf(each.tx), each.worstCase, each.essential);
          break;
        case 'mine': {
          const id = idOf(each.tx);
          const known = pending.get(id);
          if (known !== undefined) {
            pending.delete(id);
            const cost = (known.worstCase * BigInt(each.costPercent)) / 100n;
            mined.push({ id, cost, at: now, essential: known.essential, settled: false });
          }
          break;
        }
        case 'settle': {
          // It may be said long after it was mined, and twice.
          const id = idOf(each.tx);
          const found = mined.find((other) => other.id === id);
          if (found !== undefined) {
            ledger = settle(ledger, { id, costWei: wei(found.cost), minedAtMs: found.at }, now);
            ids.delete(each.tx);
          }
          break;
        }
        case 'release': {
          const id = idOf(each.tx);
          if (pending.delete(id)) {
            ledger = release(ledger, id);
            ids.delete(each.tx);
          }
          break;
        }
        case 'wait':
          now += each.ms;
          break;
        case 'restart':
          ledger = fromRecord(JSON.parse(JSON.stringify(toRecord(ledger))));
          break;
      }
    },
    check() {
      for (const { at } of mined) {
        const inWindow = mined.filter((each) => each.at > at - WINDOW_MS && each.at <= at);
        const sum = inWindow.reduce((total, { cost }) => total + cost, 0n);
        assert.ok(sum <= cap.capWei, `${sum} within 24 hours`);
        // Not even a day of optional transactions alone may touch the reserve.
        const optional = inWindow.filter(({ essential }) => !essential);
        const optionalSum = optional.reduce((total, { cost }) => total + cost, 0n);
        assert.ok(optionalSum <= cap.capWei - cap.essentialReserveWei, `${optionalSum} of optional ones`);
      }
      assert.ok(ledger.spentByHour.size <= 27);
    },
  };
}
