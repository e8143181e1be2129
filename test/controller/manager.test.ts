import assert from 'node:assert/strict';
import { Registry } from 'prom-client';
import { Pods, type Pod } from '../../src/api/builtin.ts';
import {
  done,
  type Controller,
  type ReconcileContext,
  type Result,
  type Wake,
} from '../../src/controller/controller.ts';
import { createManager, type Manager } from '../../src/controller/manager.ts';
import { controllerMetrics } from '../../src/controller/metrics.ts';
import { primary } from '../../src/controller/watch-sources.ts';
import { createLeaderElector } from '../../src/kube/leader-elector.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { handInformer, type HandInformer } from '../support/fake-informer.ts';
import { createLeaseStore, type LeaseStore } from '../support/lease-store.ts';
import { manualClock, settle, type ManualClock } from '../support/manual-clock.ts';

const pod: Pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'a',
    namespace: 'lab',
    uid: 'u',
    resourceVersion: '1',
    creationTimestamp: '2026-01-01T00:00:00Z',
  },
  spec: { containers: [] },
};

describe('manager of several kinds', () => {
  it('lets controllers work whose caches are full, while the kind of another is missing', async () => {
    const clock = manualClock();
    const full = handInformer(Pods);
    const missing = handInformer(Pods);
    const reconciled: string[] = [];
    const controller = (name: string, informer: HandInformer<Pod>): Controller => ({
      name,
      watches: [primary(informer)],
      concurrency: 1,
      reconcile() {
        reconciled.push(name);
        return Promise.resolve(done);
      },
    });
    const manager = createManager({
      informers: [full, missing],
      controllers: [controller('well', full), controller('waiting', missing)],
      clock,
      log: silentLogger,
      metrics: controllerMetrics(new Registry()),
    });
    const stop = new AbortController();
    const ended = manager.run(stop.signal);
    full.emit({ type: 'added', object: pod, initial: true });
    full.sync();
    missing.lastError = new Error('no such kind');

    await clock.advance(1000);

    assert.equal(manager.state, 'leading');
    assert.deepEqual(reconciled, ['well']);
    assert.deepEqual(manager.readiness(), ['pods: the cache is not full yet (no such kind)']);

    missing.lastError = undefined;
    missing.emit({ type: 'added', object: pod, initial: true });
    missing.sync();
    await settle();
    assert.deepEqual(reconciled, ['well', 'waiting']);
    stop.abort();
    assert.equal(await ended, 'stopped');
  });
});

describe('manager', () => {
  let clock: ManualClock;
  let store: LeaseStore;
  let informer: HandInformer<Pod>;
  let reconciled: string[];
  let contexts: ReconcileContext[];
  /** What the next reconciles do. */
  let reconcile: () => Promise<Result>;
  let flushed: number;
  let registry: Registry;
  let stop: AbortController;
  let manager: Manager;
  /** What the controller was given to wake itself with, and the end of that. */
  let begun: { readonly wake: Wake; readonly signal: AbortSignal } | undefined;
  let ended: Promise<'stopped' | 'lostLease'>;

  function build({ elect = true } = {}): Manager {
    registry = new Registry();
    const controller: Controller = {
      name: 'pods',
      watches: [primary(informer)],
      concurrency: 2,
      begin: (wake, signal) => void (begun = { wake, signal }),
      reconcile(key, context) {
        reconciled.push(key);
        contexts.push(context);
        return reconcile();
      },
    };
    const elector = createLeaderElector({
      client: store.client,
      lease: { namespace: 'headframe-system', name: 'headframe' },
      identity: 'me',
      clock,
      log: silentLogger,
      random: () => 0,
    });
    return createManager({
      informers: [informer],
      controllers: [controller],
      ...(elect && { elector }),
      clock,
      log: silentLogger,
      metrics: controllerMetrics(registry),
      drainTimeoutMs: 30_000,
      flush: () => {
        flushed++;
        return Promise.resolve();
      },
    });
  }

  /** Drives a new manager to the state `leading`. */
  async function lead(): Promise<void> {
    informer.sync();
    await settle();
    assert.equal(manager.state, 'leading');
  }

  async function endOf(): Promise<'stopped' | 'lostLease' | 'running'> {
    return Promise.race([ended, settle().then(() => 'running' as const)]);
  }

  const toldToStop = (): boolean | undefined => contexts[0]?.signal.aborted;
  const add = (initial = false): void => informer.emit({ type: 'added', object: pod, initial });

  beforeEach(() => {
    clock = manualClock();
    store = createLeaseStore();
    informer = handInformer(Pods);
    reconciled = [];
    contexts = [];
    reconcile = () => Promise.resolve(done);
    flushed = 0;
    begun = undefined;
    stop = new AbortController();
    manager = build();
  });

  function start(): void {
    ended = manager.run(stop.signal);
  }

  it('goes from initialized to stopped through all its states', async () => {
    const states = [manager.state];
    store.write({ holderIdentity: 'other', leaseDurationSeconds: 15 });
    start();
    states.push(manager.state);
    informer.sync();
    await settle();
    states.push(manager.state);
    await clock.advance(18_000);
    states.push(manager.state);
    let finish: (result: Result) => void = () => undefined;
    reconcile = () => new Promise((resolve) => (finish = resolve));
    add();
    await settle();
    stop.abort();
    await settle();
    states.push(manager.state);
    finish(done);
    assert.equal(await endOf(), 'stopped');
    states.push(manager.state);
    assert.deepEqual(states, ['initialized', 'syncing', 'standby', 'leading', 'draining', 'stopped']);
  });

  it('keeps a standby warm, and works off what gathered when it leads', async () => {
    store.write({ holderIdentity: 'other', leaseDurationSeconds: 15 });
    start();
    add(true);
    informer.sync();
    await settle();
    assert.equal(informer.running, true);
    assert.deepEqual(reconciled, []);
    await clock.advance(18_000);
    assert.deepEqual(reconciled, ['lab/a']);
  });

  it('lets a controller wake itself, for as long as it works', async () => {
    start();
    await lead();
    begun?.wake('far', 1000);
    await clock.advance(999);
    assert.deepEqual(reconciled, []);
    await clock.advance(1);
    assert.deepEqual(reconciled, ['far']);

    assert.equal(begun?.signal.aborted, false);
    stop.abort();
    await settle();
    assert.equal(begun.signal.aborted, true);
    begun.wake('far', 0);
    assert.equal(await endOf(), 'stopped');
    assert.deepEqual(reconciled, ['far']);
  });

  it('does not work before the caches are full', async () => {
    start();
    add();
    await clock.advance(60_000);
    assert.deepEqual(reconciled, []);
    assert.deepEqual(store.calls, []);
  });

  it('works without an elector as well', async () => {
    manager = build({ elect: false });
    start();
    await lead();
    add();
    await settle();
    assert.deepEqual(reconciled, ['lab/a']);
    stop.abort();
    assert.equal(await endOf(), 'stopped');
    assert.equal(clock.pending(), 0);
  });

  describe('told to stop', () => {
    it('while syncing, stops at once', async () => {
      start();
      stop.abort();
      assert.equal(await endOf(), 'stopped');
      assert.equal(informer.running, false);
      assert.equal(clock.pending(), 0);
    });

    it('on standby, stops at once and leaves the lease alone', async () => {
      store.write({ holderIdentity: 'other', leaseDurationSeconds: 15 });
      start();
      informer.sync();
      await settle();
      stop.abort();
      assert.equal(await endOf(), 'stopped');
      assert.equal(store.lease?.spec?.holderIdentity, 'other');
      assert.equal(clock.pending(), 0);
    });

    it('while leading, flushes the events, then releases the lease and stops the informers', async () => {
      start();
      await lead();
      const flushedBefore: [string, number][] = [];
      store.before = (verb) => void flushedBefore.push([verb, flushed]);
      stop.abort();
      assert.equal(await endOf(), 'stopped');
      assert.deepEqual(flushedBefore, [
        ['GET', 1],
        ['PUT', 1],
      ]);
      assert.equal(store.lease?.spec?.holderIdentity, '');
      assert.equal(informer.running, false);
      assert.equal(clock.pending(), 0);
    });

    it('takes no new keys, and renews the lease until the last reconcile has ended', async () => {
      start();
      await lead();
      let finish: (result: Result) => void = () => undefined;
      reconcile = () => new Promise((resolve) => (finish = resolve));
      add();
      await settle();
      stop.abort();
      await settle();
      informer.emit({
        type: 'added',
        object: { ...pod, metadata: { ...pod.metadata, name: 'b' } },
        initial: false,
      });
      await clock.advance(25_000);
      assert.equal(manager.state, 'draining');
      assert.deepEqual(reconciled, ['lab/a']);
      assert.equal(toldToStop(), false);
      assert.equal(store.lease?.spec?.holderIdentity, 'me');
      assert.equal(store.lease.spec.renewTime, '2026-01-01T00:00:24.000000Z');
      finish(done);
      assert.equal(await endOf(), 'stopped');
      assert.equal(store.lease.spec.holderIdentity, '');
      assert.equal(clock.pending(), 0);
    });

    it('tells reconciles to stop that do not end in time, and ends without them; the lease runs out', async () => {
      start();
      await lead();
      reconcile = () => new Promise(() => undefined);
      add();
      await settle();
      stop.abort();
      await clock.advance(29_999);
      assert.equal(toldToStop(), false);
      await clock.advance(1);
      assert.equal(toldToStop(), true);
      assert.equal(await endOf(), 'running');
      await clock.advance(2000);
      assert.equal(await endOf(), 'stopped');
      assert.equal(store.lease?.spec?.holderIdentity, 'me');
      assert.equal(flushed, 1);
      assert.equal(clock.pending(), 0);
    });

    it('and losing the lease while draining, says that it is lost', async () => {
      start();
      await lead();
      reconcile = () => new Promise(() => undefined);
      add();
      await settle();
      stop.abort();
      await settle();
      store.write({ holderIdentity: 'other', leaseDurationSeconds: 15 });
      await clock.advance(2000);
      assert.equal(toldToStop(), true);
      await clock.advance(2000);
      assert.equal(await endOf(), 'lostLease');
      assert.equal(store.lease?.spec?.holderIdentity, 'other');
      assert.equal(clock.pending(), 0);
    });
  });

  it('tells reconciles to stop at once when the lease is lost, and writes nothing more', async () => {
    start();
    await lead();
    reconcile = () => new Promise(() => undefined);
    add();
    await settle();
    store.write({ holderIdentity: 'other', leaseDurationSeconds: 15 });
    await clock.advance(2000);
    assert.equal(toldToStop(), true);
    store.calls.length = 0;
    await clock.advance(2000);
    assert.equal(await endOf(), 'lostLease');
    assert.equal(manager.state, 'stopped');
    assert.equal(flushed, 0);
    assert.deepEqual(store.calls, []);
    assert.equal(informer.running, false);
    assert.equal(clock.pending(), 0);
  });

  describe('readiness', () => {
    it('names the kinds whose caches are not full, and why', async () => {
      start();
      assert.deepEqual(manager.readiness(), ['pods: the cache is not full yet']);
      informer.lastError = new Error('pods is forbidden');
      assert.deepEqual(manager.readiness(), ['pods: the cache is not full yet (pods is forbidden)']);
      informer.lastError = undefined;
      await lead();
      assert.deepEqual(manager.readiness(), []);
      informer.lastError = new Error('connection refused');
      assert.deepEqual(manager.readiness(), ['pods: the watch fails (connection refused)']);
    });

    it('of a standby with full caches is given', async () => {
      store.write({ holderIdentity: 'other', leaseDurationSeconds: 15 });
      start();
      informer.sync();
      await settle();
      assert.equal(manager.state, 'standby');
      assert.deepEqual(manager.readiness(), []);
    });

    it('ends with the signal to stop', async () => {
      start();
      await lead();
      reconcile = () => new Promise(() => undefined);
      add();
      await settle();
      stop.abort();
      await settle();
      assert.deepEqual(manager.readiness(), ['the operator is draining']);
    });
  });

  describe('liveness', () => {
    it('does not depend on the API server', async () => {
      informer.lastError = new Error('connection refused');
      store.before = () => Promise.reject(new Error('connection refused'));
      start();
      informer.sync();
      await clock.advance(600_000);
      assert.deepEqual(manager.liveness(), []);
    });

    it('ends when the loop stands still', async () => {
      let frozenMs = 0;
      const real = clock;
      clock = { ...real, monotonic: () => real.monotonic() + frozenMs };
      manager = build();
      start();
      await lead();
      assert.deepEqual(manager.liveness(), []);
      frozenMs = 36_000;
      assert.deepEqual(manager.liveness(), [
        'the event loop has been stuck for 35000 ms',
        'the lease ran out 21000 ms ago and this process goes on',
      ]);
    });
  });

  it('shows whether it leads', async () => {
    const gauge = async (): Promise<string | undefined> =>
      (await registry.metrics())
        .split('\n')
        .find((line) => line.startsWith('leader_election_master_status{'));
    assert.equal(await gauge(), undefined);
    start();
    assert.equal(await gauge(), 'leader_election_master_status{name="headframe"} 0');
    await lead();
    assert.equal(await gauge(), 'leader_election_master_status{name="headframe"} 1');
    stop.abort();
    await endOf();
    assert.equal(await gauge(), 'leader_election_master_status{name="headframe"} 0');
  });
});
