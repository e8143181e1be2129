import assert from 'node:assert/strict';
import fc from 'fast-check';
import { kubeClient } from '../../src/kube/client.ts';
import { fixedConnection } from '../../src/kube/connection.ts';
import { ApiError } from '../../src/kube/errors.ts';
import { createLeaderElector, newIdentity, type LeaderElector } from '../../src/kube/leader-elector.ts';
import { createTransport } from '../../src/kube/transport.ts';
import { silentLogger, type Logger } from '../../src/telemetry/logger.ts';
import { sleep, systemClock, type Clock } from '../../src/time/clock.ts';
import { createLeaseStore, type LeaseStore } from '../support/lease-store.ts';
import { manualClock, settle, type ManualClock } from '../support/manual-clock.ts';
import { answerJson, answerStatus, startScriptedApiServer } from '../support/scripted-api-server.ts';

const lease = { namespace: 'headframe-system', name: 'headframe' };

function electorOf(
  store: LeaseStore,
  clock: Clock,
  identity = 'me',
  log: Logger = silentLogger,
): LeaderElector {
  return createLeaderElector({ client: store.client, lease, identity, clock, log, random: () => 0 });
}

/** What the promise has come to by now. */
async function stateOf<T>(promise: Promise<T>): Promise<T | 'pending'> {
  return Promise.race([promise, settle().then(() => 'pending' as const)]);
}

const never = new AbortController().signal;
const unavailable = new ApiError('unavailable', { code: 503, reason: 'ServiceUnavailable' });

describe('leader elector', () => {
  let store: LeaseStore;
  let clock: ManualClock;
  let elector: LeaderElector;
  beforeEach(() => {
    store = createLeaseStore();
    clock = manualClock();
    elector = electorOf(store, clock);
  });

  describe('acquire', () => {
    it('makes the lease when there is none', async () => {
      assert.equal(elector.isLeader(), false);
      assert.equal(await elector.acquire(never), true);
      assert.equal(elector.isLeader(), true);
      assert.equal(elector.holder, 'me');
      assert.deepEqual(store.lease?.spec, {
        holderIdentity: 'me',
        leaseDurationSeconds: 15,
        acquireTime: '2026-01-01T00:00:00.000000Z',
        renewTime: '2026-01-01T00:00:00.000000Z',
        leaseTransitions: 0,
      });
    });

    const free: { title: string; spec: Parameters<LeaseStore['write']>[0]; transitions: number }[] = [
      { title: 'an empty lease', spec: undefined, transitions: 1 },
      { title: 'a released lease', spec: { holderIdentity: '', leaseTransitions: 4 }, transitions: 5 },
      {
        title: 'a lease of its own of which it never heard',
        spec: { holderIdentity: 'me', leaseTransitions: 4, leaseDurationSeconds: 15 },
        transitions: 4,
      },
    ];
    for (const { title, spec, transitions } of free) {
      it(`takes ${title} at once`, async () => {
        store.write(spec);
        assert.equal(await elector.acquire(never), true);
        assert.equal(store.lease?.spec?.leaseTransitions, transitions);
        assert.equal(elector.leaseTransitions, transitions);
        assert.deepEqual(store.calls, ['GET', 'PUT']);
      });
    }

    const held: {
      title: string;
      spec: NonNullable<Parameters<LeaseStore['write']>[0]>;
      freeAfterMs: number;
    }[] = [
      {
        title: 'that was renewed long ago by the clock of its holder',
        spec: { holderIdentity: 'other', leaseDurationSeconds: 15, renewTime: '2001-01-01T00:00:00.000000Z' },
        freeAfterMs: 15_000,
      },
      {
        title: 'that was renewed in the future by the clock of its holder',
        spec: { holderIdentity: 'other', leaseDurationSeconds: 15, renewTime: '2040-01-01T00:00:00.000000Z' },
        freeAfterMs: 15_000,
      },
      {
        title: 'with a duration of its own',
        spec: { holderIdentity: 'other', leaseDurationSeconds: 60 },
        freeAfterMs: 60_000,
      },
      { title: 'without a duration', spec: { holderIdentity: 'other' }, freeAfterMs: 15_000 },
    ];
    for (const { title, spec, freeAfterMs } of held) {
      it(`waits for a lease ${title} until it has not changed for ${freeAfterMs} ms`, async () => {
        store.write(spec);
        const acquired = elector.acquire(never);
        await clock.advance(freeAfterMs);
        assert.equal(await stateOf(acquired), 'pending');
        assert.equal(elector.holder, 'other');
        assert.equal(elector.isLeader(), false);
        await clock.advance(2000);
        assert.equal(await stateOf(acquired), true);
        assert.equal(store.lease?.spec?.holderIdentity, 'me');
      });
    }

    it('takes a lease that runs out between two looks at once', async () => {
      store.write({ holderIdentity: 'other', leaseDurationSeconds: 15 });
      const acquired = elector.acquire(never);
      await clock.advance(15_000);
      assert.equal(await stateOf(acquired), 'pending');
      await clock.advance(1);
      assert.equal(await stateOf(acquired), true);
    });

    it('takes a lease that was given up within a second', async () => {
      store.write({ holderIdentity: 'other', leaseDurationSeconds: 15 });
      const acquired = elector.acquire(never);
      await clock.advance(3100);
      store.write({ holderIdentity: '', leaseDurationSeconds: 1 });
      await clock.advance(1000);
      assert.equal(await stateOf(acquired), true);
    });

    it('begins to wait anew whenever the holder renews', async () => {
      store.write({ holderIdentity: 'other', leaseDurationSeconds: 15, renewTime: 'first' });
      const acquired = elector.acquire(never);
      await clock.advance(14_000);
      store.write({ holderIdentity: 'other', leaseDurationSeconds: 15, renewTime: 'second' });
      await clock.advance(14_000);
      assert.equal(await stateOf(acquired), 'pending');
      await clock.advance(4000);
      assert.equal(await stateOf(acquired), true);
    });

    it('makes a lease that its holder deleted, and counts one transition more', async () => {
      store.write({ holderIdentity: 'other', leaseDurationSeconds: 15 });
      const acquired = elector.acquire(never);
      await clock.advance(1000);
      store.lease = undefined;
      await clock.advance(1000);
      assert.equal(await stateOf(acquired), true);
      assert.equal(elector.leaseTransitions, 1);
    });

    it('looks every 0.75 s, up to 1 s by chance', async () => {
      const times: number[] = [];
      store.before = () => {
        times.push(clock.monotonic());
        throw unavailable;
      };
      let random = 0;
      const chance = createLeaderElector({
        client: store.client,
        lease,
        identity: 'me',
        clock,
        log: silentLogger,
        random: () => (random += 0.5) - 0.5,
      });
      const abort = new AbortController();
      const acquired = chance.acquire(abort.signal);
      await clock.advance(1625);
      abort.abort();
      await acquired;
      assert.deepEqual(times, [0, 750, 1625]);
    });

    it('goes on after lost races, refusals and servers that are away', async () => {
      const failures = [
        new ApiError('taken', { code: 409, reason: 'AlreadyExists' }),
        unavailable,
        new ApiError('forbidden', { code: 403, reason: 'Forbidden' }),
        new ApiError('refused', { code: 0, reason: 'ConnectionFailed' }),
      ];
      store.before = () => {
        const failure = failures.shift();
        if (failure !== undefined) {
          throw failure;
        }
      };
      const acquired = elector.acquire(never);
      await clock.advance(8000);
      assert.equal(await stateOf(acquired), true);
    });

    it('does not wait for an answer longer than the renew deadline', async () => {
      let calls = 0;
      store.before = () => (calls++ === 0 ? new Promise(() => undefined) : undefined);
      const acquired = elector.acquire(never);
      await clock.advance(10_000 + 2000);
      assert.equal(await stateOf(acquired), true);
    });

    it('does not take an answer for leadership that lay about for longer than the renew deadline', async () => {
      // The process stands still between the server's answer and its reading: no timer fires, but time passes.
      let frozenMs = 0;
      const frozen: Clock = { ...clock, monotonic: () => clock.monotonic() + frozenMs };
      const thawed = electorOf(store, frozen);
      store.after = () => void (frozenMs = store.calls.length === 2 ? 10_000 : frozenMs);
      const acquired = thawed.acquire(never);
      assert.equal(await stateOf(acquired), 'pending');
      assert.equal(thawed.isLeader(), false);
      await clock.advance(2000);
      assert.equal(await stateOf(acquired), true);
    });

    it('ends when told to, without leaving a timer', async () => {
      store.write({ holderIdentity: 'other', leaseDurationSeconds: 15 });
      const abort = new AbortController();
      const acquired = elector.acquire(abort.signal);
      await clock.advance(1000);
      abort.abort();
      assert.equal(await acquired, false);
      assert.equal(clock.pending(), 0);
    });

    it('ends in the middle of a request when told to', async () => {
      store.before = () => new Promise(() => undefined);
      const abort = new AbortController();
      const acquired = elector.acquire(abort.signal);
      await settle();
      abort.abort();
      assert.equal(await acquired, false);
      assert.equal(clock.pending(), 0);
    });

    it('complains once about the same failure', async () => {
      const warnings: string[] = [];
      const log: Logger = { ...silentLogger, warn: (message) => warnings.push(message), with: () => log };
      const complaining = electorOf(store, clock, 'me', log);
      store.before = () => {
        throw unavailable;
      };
      const abort = new AbortController();
      const acquired = complaining.acquire(abort.signal);
      await clock.advance(20_000);
      abort.abort();
      await acquired;
      assert.deepEqual(warnings, ['cannot get or renew the lease']);
    });
  });

  describe('hold', () => {
    let abort: AbortController;
    let held: Promise<'lost' | 'stopped'>;
    beforeEach(async () => {
      abort = new AbortController();
      await elector.acquire(never);
      store.calls.length = 0;
      held = elector.hold(abort.signal);
    });
    afterEach(() => abort.abort());

    it('renews every 2 s with one request, keeping the acquire time', async () => {
      await clock.advance(6000);
      assert.deepEqual(store.calls, ['PUT', 'PUT', 'PUT']);
      assert.equal(store.lease?.spec?.acquireTime, '2026-01-01T00:00:00.000000Z');
      assert.equal(store.lease.spec.renewTime, '2026-01-01T00:00:06.000000Z');
      assert.equal(store.lease.spec.leaseTransitions, 0);
      assert.equal(elector.isLeader(), true);
      assert.equal(elector.overdueMs(), 0);
    });

    it('survives a server that is away for less than the renew deadline', async () => {
      store.before = () => {
        throw unavailable;
      };
      await clock.advance(7000);
      assert.equal(elector.isLeader(), true);
      store.before = () => undefined;
      await clock.advance(10_000);
      assert.equal(await stateOf(held), 'pending');
      assert.equal(elector.isLeader(), true);
    });

    it('is lost at the renew deadline, not earlier and not later', async () => {
      store.before = () => {
        throw unavailable;
      };
      await clock.advance(9999);
      assert.equal(await stateOf(held), 'pending');
      assert.equal(elector.isLeader(), true);
      await clock.advance(1);
      assert.equal(elector.isLeader(), false);
      assert.equal(await stateOf(held), 'lost');
      assert.equal(clock.pending(), 0);
    });

    it('is lost at the renew deadline while a request hangs, and a late answer changes nothing', async () => {
      let answer: () => void = () => undefined;
      store.before = () => new Promise((resolve) => (answer = resolve));
      await clock.advance(10_000);
      assert.equal(await stateOf(held), 'lost');
      answer();
      await settle();
      assert.equal(elector.isLeader(), false);
    });

    it('is lost at once when somebody else has it', async () => {
      store.write({ holderIdentity: 'other', leaseDurationSeconds: 15, leaseTransitions: 7 });
      await clock.advance(2000);
      assert.equal(await stateOf(held), 'lost');
      assert.equal(elector.isLeader(), false);
      assert.equal(elector.holder, 'other');
      assert.equal(store.lease?.spec?.holderIdentity, 'other');
    });

    it('reads and writes again when somebody else touched the lease but left the holder', async () => {
      store.write({ ...store.lease?.spec });
      await clock.advance(2000);
      assert.deepEqual(store.calls, ['PUT', 'GET', 'PUT']);
      assert.equal(elector.isLeader(), true);
    });

    it('makes a deleted lease again, and its count goes on', async () => {
      store.lease = undefined;
      await clock.advance(2000);
      assert.deepEqual(store.calls, ['PUT', 'GET', 'POST']);
      assert.equal(elector.isLeader(), true);
      assert.equal(elector.leaseTransitions, 1);
    });

    it('stops when told to, still the leader, without leaving a timer', async () => {
      await clock.advance(1000);
      abort.abort();
      assert.equal(await held, 'stopped');
      assert.equal(elector.isLeader(), true);
      assert.equal(clock.pending(), 0);
    });

    it('stops in the middle of a request when told to', async () => {
      store.before = () => new Promise(() => undefined);
      await clock.advance(2000);
      abort.abort();
      assert.equal(await held, 'stopped');
      assert.equal(clock.pending(), 0);
    });
  });

  it('does not lead after a freeze, although no timer has fired', async () => {
    let frozenMs = 0;
    const frozen: Clock = { ...clock, monotonic: () => clock.monotonic() + frozenMs };
    const sleeper = electorOf(store, frozen);
    await sleeper.acquire(never);
    const held = sleeper.hold(never);
    frozenMs = 9999;
    assert.equal(sleeper.isLeader(), true);
    frozenMs = 10_000;
    assert.equal(sleeper.isLeader(), false);
    frozenMs = 45_000;
    assert.equal(sleeper.overdueMs(), 30_000);
    await clock.advance(2000);
    assert.equal(await stateOf(held), 'lost');
    assert.equal(sleeper.overdueMs(), 0);
  });

  describe('release', () => {
    it('leaves the lease without a holder and one second to live', async () => {
      await elector.acquire(never);
      await clock.advance(3000);
      await elector.release();
      assert.equal(elector.isLeader(), false);
      assert.deepEqual(store.lease?.spec, {
        holderIdentity: '',
        leaseDurationSeconds: 1,
        acquireTime: '2026-01-01T00:00:03.000000Z',
        renewTime: '2026-01-01T00:00:03.000000Z',
        leaseTransitions: 0,
      });
      assert.equal(clock.pending(), 0);
    });

    it('lets the next one in at its next try', async () => {
      await elector.acquire(never);
      const next = electorOf(store, clock, 'next');
      const acquired = next.acquire(never);
      await clock.advance(1000);
      await elector.release();
      await clock.advance(1000);
      assert.equal(await stateOf(acquired), true);
      assert.equal(next.leaseTransitions, 1);
    });

    it('leaves the lease of somebody else alone', async () => {
      store.write({ holderIdentity: 'other', leaseDurationSeconds: 15 });
      const before = store.lease;
      await elector.release();
      assert.equal(store.lease, before);
    });

    it('does nothing when there is no lease', async () => {
      await elector.release();
      assert.equal(store.lease, undefined);
    });

    it('tries again when a renewal was still on its way', async () => {
      await elector.acquire(never);
      store.before = (verb) => {
        if (verb === 'PUT') {
          store.before = () => undefined;
          store.write({ ...store.lease?.spec, renewTime: 'later' });
        }
      };
      await elector.release();
      assert.equal(store.lease?.spec?.holderIdentity, '');
    });

    it('stops leading before it asks the server', async () => {
      await elector.acquire(never);
      let leading: boolean | undefined;
      store.before = () => void (leading ??= elector.isLeader());
      await elector.release();
      assert.equal(leading, false);
    });

    const vain: { title: string; fails: () => Promise<void>; tries: number }[] = [
      { title: 'is away', fails: () => Promise.reject(unavailable), tries: 1 },
      {
        title: 'always answers that somebody else was faster',
        fails: () => Promise.reject(new ApiError('modified', { code: 409, reason: 'Conflict' })),
        tries: 5,
      },
      { title: 'does not answer', fails: () => new Promise(() => undefined), tries: 1 },
    ];
    for (const { title, fails, tries } of vain) {
      it(`gives up when the server ${title}`, async () => {
        await elector.acquire(never);
        store.calls.length = 0;
        store.before = fails;
        const released = elector.release();
        await clock.advance(10_000);
        await released;
        assert.equal(store.calls.length, tries);
        assert.equal(elector.isLeader(), false);
        assert.equal(clock.pending(), 0);
      });
    }
  });

  it('names every process differently, by its host', () => {
    assert.notEqual(newIdentity(), newIdentity());
    assert.match(newIdentity(), /^.+_[0-9a-f-]{36}$/);
  });

  it('speaks to a server as the coordination API wants it', async () => {
    let stored: { metadata: Record<string, string>; spec: object } | undefined;
    const server = await startScriptedApiServer((request, response) => {
      if (request.method === 'GET' && stored === undefined) {
        answerStatus(response, { code: 404, reason: 'NotFound', message: 'no such lease' });
        return;
      }
      if (request.method !== 'GET') {
        const body = JSON.parse(request.body) as NonNullable<typeof stored>;
        const resourceVersion = String(server.requests.length);
        stored = { ...body, metadata: { ...body.metadata, uid: 'u', resourceVersion } };
      }
      answerJson(response, stored ?? {});
    });
    const transport = createTransport(fixedConnection(server.url), { clock: systemClock });
    try {
      const real = createLeaderElector({
        client: kubeClient(transport, { lane: 'leases' }),
        lease,
        identity: 'me',
        clock: systemClock,
        log: silentLogger,
        retryPeriodMs: 1,
      });
      await real.acquire(never);
      const abort = new AbortController();
      const held = real.hold(abort.signal);
      for (const deadline = Date.now() + 5000; server.requests.length < 4 && Date.now() < deadline;) {
        await sleep(systemClock, 5);
      }
      abort.abort();
      assert.equal(await held, 'stopped');
      await real.release();
    } finally {
      transport.close();
      await server.close();
    }
    const path = '/apis/coordination.k8s.io/v1/namespaces/headframe-system/leases';
    const [get, post, put] = server.requests;
    assert.deepEqual([get?.method, get?.path], ['GET', `${path}/headframe`]);
    assert.deepEqual([post?.method, post?.path], ['POST', path]);
    assert.deepEqual([put?.method, put?.path], ['PUT', `${path}/headframe`]);
    const renewal = JSON.parse(put?.body ?? '') as {
      metadata: { resourceVersion: string };
      spec: { renewTime: string };
    };
    assert.equal(renewal.metadata.resourceVersion, '2');
    assert.match(renewal.spec.renewTime, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    assert.deepEqual(
      { ...stored?.spec, acquireTime: '', renewTime: '' },
      { holderIdentity: '', leaseDurationSeconds: 1, leaseTransitions: 0, acquireTime: '', renewTime: '' },
    );
  });
});

/** What befalls a process and its way to the server. Times in milliseconds of true time. */
interface Fate {
  /** Its clock runs this much faster than true time, and is off by so much. */
  rate: number;
  offsetMs: number;
  /** It stands still from `at` for `forMs`: nothing in it runs, but its clock goes on. */
  freezes: { at: number; forMs: number }[];
  /** Nothing reaches the server, or (`half`) everything does but no answer comes back. */
  outages: { at: number; forMs: number; half: boolean }[];
  /** One way, per request in turn. */
  latencies: number[];
}

/** Half of all that befalls: after this the world is healthy. */
const TROUBLE_MS = 120_000;
const HEALING_MS = 60_000;

const span = { at: fc.noBias(fc.nat(TROUBLE_MS)), forMs: fc.noBias(fc.integer({ min: 1000, max: 40_000 })) };
const fate: fc.Arbitrary<Fate> = fc.record({
  // client-go tolerates clocks whose rates differ by the ratio of lease duration and renew deadline, 1.5.
  rate: fc.noBias(fc.double({ min: 0.85, max: 1.15, noNaN: true })),
  offsetMs: fc.integer({ min: -3_600_000, max: 3_600_000 }),
  freezes: fc.array(fc.record(span), { maxLength: 4, size: 'max' }),
  outages: fc.array(fc.record({ ...span, half: fc.boolean() }), { maxLength: 4, size: 'max' }),
  latencies: fc.array(fc.noBias(fc.nat(2000)), { minLength: 1, maxLength: 8 }),
});

function during(spans: readonly { at: number; forMs: number }[], now: number): number {
  return Math.max(
    0,
    ...spans
      .filter(({ at, forMs }) => at <= now && now < at + forMs)
      .map(({ at, forMs }) => at + forMs - now),
  );
}

/** The process's own clock; while it is frozen its timers wait, and fire when it thaws. */
function clockOf(world: ManualClock, { rate, offsetMs, freezes }: Fate): Clock {
  return {
    now: () => world.now() + offsetMs,
    monotonic: () => world.monotonic() * rate,
    after(delayMs, callback) {
      let timer = world.after(delayMs / rate, function ring() {
        const frozenMs = during(freezes, world.monotonic());
        if (frozenMs > 0) {
          timer = world.after(frozenMs, ring);
        } else {
          callback();
        }
      });
      return { cancel: () => timer.cancel() };
    },
  };
}

/** A process that wants to lead, loses, and begins again under a new name, as a restarted pod does. */
async function candidate(
  store: LeaseStore,
  world: ManualClock,
  parts: { fate: Fate; name: string; signal: AbortSignal; lead: (elector: LeaderElector) => void },
): Promise<void> {
  const { fate: mine, name, signal } = parts;
  const clock = clockOf(world, mine);
  const thawed = (): Promise<void> => sleep(world, during(mine.freezes, world.monotonic()));
  let turn = 0;
  /** The way to the server and back, with everything that can happen on it. */
  async function send<T>(call: () => Promise<T>): Promise<T> {
    const latency =
      world.monotonic() < TROUBLE_MS ? (mine.latencies[turn++ % mine.latencies.length] ?? 0) : 10;
    await sleep(world, latency);
    const outage = mine.outages.find((one) => during([one], world.monotonic()) > 0);
    if (outage?.half === false) {
      throw new ApiError('no way', { code: 0, reason: 'ConnectionFailed' });
    }
    try {
      const answer = await call();
      await sleep(world, latency);
      if (outage !== undefined) {
        throw new ApiError('no way back', { code: 0, reason: 'ConnectionFailed' });
      }
      return answer;
    } finally {
      await thawed();
    }
  }
  const client: typeof store.client = {
    ...store.client,
    get: (type, key) => send(() => store.client.get(type, key)),
    create: (type, manifest) => send(() => store.client.create(type, manifest)),
    replace: (type, manifest) => send(() => store.client.replace(type, manifest)),
  };
  for (let life = 0; !signal.aborted; life++) {
    const identity = `${name}-${life}`;
    const elector = createLeaderElector({
      client,
      lease,
      identity,
      clock,
      log: silentLogger,
      random: () => 0.5,
    });
    parts.lead(elector);
    if (await elector.acquire(signal)) {
      await elector.hold(signal);
    }
    await sleep(world, 1000, signal);
  }
}

describe('leader electors on clocks that differ, freeze and lose their way to the server', () => {
  it('never both lead, and one leads again once all is well', async function () {
    this.timeout(120_000);
    await fc.assert(
      fc.asyncProperty(fc.tuple(fate, fate), async (fates) => {
        const world = manualClock();
        const store = createLeaseStore();
        const stop = new AbortController();
        /** Every life of every process: a frozen one of old may still believe. */
        const electors: LeaderElector[] = [];
        const running = fates.map((mine, index) =>
          candidate(store, world, {
            fate: mine,
            name: `process-${index}`,
            signal: stop.signal,
            lead: (elector) => electors.push(elector),
          }),
        );
        const leaders = (): string[] => electors.filter((one) => one.isLeader()).map((one) => one.identity);
        for (let now = 0; now < TROUBLE_MS + 40_000 + HEALING_MS; now += 250) {
          await world.advance(250);
          assert.ok(leaders().length <= 1, `${leaders().join(' and ')} lead at ${now} ms`);
        }
        assert.equal(leaders().length, 1, 'nobody leads although all is well');
        stop.abort();
        await world.advance(60_000);
        await Promise.all(running);
      }),
      { numRuns: 50 },
    );
  });
});
