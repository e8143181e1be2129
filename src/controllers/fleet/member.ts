import { createHash } from 'node:crypto';
import type { KubeconfigSource } from '../../api/cluster-connection.ts';
import type { Immutable } from '../../api/kube-object.ts';
import type { KubeClient } from '../../kube/client.ts';
import { KubeconfigError } from '../../kube/kubeconfig-error.ts';
import { connectionFromText } from '../../kube/kubeconfig-text.ts';
import { sleep } from '../../time/clock.ts';
import type { Away, ClusterView } from './cluster-view.ts';
import { readKubeconfig } from './kubeconfig-secret.ts';
import {
  type MemberSession,
  type SessionListener,
  type SessionParts,
  openSession,
} from './member-session.ts';

/** Another cluster, for as long as its ComputeCluster says the same about the way to it. */
export interface Member {
  view(): ClusterView;
  /** Drops the credentials and ends all that runs. */
  close(): void;
}

/** How often the Secrets are looked at. */
export interface SecretPace {
  /** While all is well, in milliseconds. */
  readonly rereadMs: number;
  /** While it is not: a new kubeconfig may be the remedy. */
  readonly retryMs: number;
}

/** What all members have in common. */
export interface MemberParts extends SessionParts {
  /** Of the cluster in which Headframe runs. */
  readonly client: KubeClient;
  /** In which Headframe runs, and the Secrets are. */
  readonly namespace: string;
  readonly pace: SecretPace;
  /** Commands that kubeconfigs may name as credential plugins. @default none */
  readonly plugins?: readonly string[];
}

/**
 * Follows the Secret for ever: opens a session by its kubeconfig, another one when the text changes, and none while there is no text
 * that can be used. Nothing of the text is kept but its hash, and in the session what is sent to the server.
 */
export function startMember(
  reference: Immutable<KubeconfigSource>,
  parts: MemberParts,
  listener: SessionListener,
): Member {
  const { client, namespace, clock, log, pace, plugins = [] } = parts;
  const stop = new AbortController();
  let away: Away | undefined;
  let current: { readonly session: MemberSession; readonly hash: string } | undefined;

  async function end(why: Away | undefined): Promise<void> {
    const ending = current?.session;
    current = undefined;
    const isNews = away?.message !== why?.message || ending !== undefined;
    away = why;
    if (isNews) {
      listener.changed();
    }
    await ending?.close();
  }

  async function look(): Promise<void> {
    const found = await readKubeconfig(client, namespace, reference);
    if (stop.signal.aborted) {
      return;
    }
    if (found.kind === 'away') {
      // That the Secret cannot be read now says nothing against what it said.
      await (found.isUnreadable && current !== undefined ? undefined : end(found));
      return;
    }
    const hash = createHash('sha256').update(found.text).digest('base64');
    if (current?.hash !== hash) {
      await reopen(found, hash);
    }
  }

  async function reopen({ text, source }: { text: string; source: string }, hash: string): Promise<void> {
    try {
      const connection = await connectionFromText(text, {
        source,
        context: reference.context,
        plugins,
        clock,
      });
      await end(undefined);
      if (!stop.signal.aborted) {
        log.info('connecting to a member cluster', { server: connection.server.host });
        current = { session: openSession(connection, parts, listener), hash };
      }
    } catch (error) {
      if (!(error instanceof KubeconfigError)) {
        throw error;
      }
      await end({ kind: 'away', reason: 'KubeconfigInvalid', message: error.message });
    }
  }

  async function follow(): Promise<void> {
    let lookedAt = -Infinity;
    while (!stop.signal.aborted) {
      const isWell = current?.session.view().kind === 'reachable';
      if (!isWell || clock.monotonic() - lookedAt >= pace.rereadMs) {
        lookedAt = clock.monotonic();
        try {
          await look();
        } catch (error) {
          log.error('a member cluster could not be looked after', { error });
        }
      }
      await sleep(clock, pace.retryMs, stop.signal);
    }
    await current?.session.close();
  }

  void follow();
  return {
    view: () => current?.session.view() ?? away ?? { kind: 'connecting' },
    close: () => stop.abort(),
  };
}
