import { type Statement, condition, findCondition } from '../../api/conditions.ts';
import type { Immutable } from '../../api/kube-object.ts';
import type { MinerPool } from '../../api/miner-pool.ts';
import type { Reason } from '../../api/reasons.ts';
import { rfc3339 } from '../../time/clock.ts';
import type { Idleness } from '../boards/pool-usage.ts';

/**
 * What a pool's condition GpusIdle says: nothing while it holds no GPUs or they are not measured, and what it said before as long as
 * nobody can tell.
 * @param allocated GPUs that its pods hold
 */
export function idleStatement(
  { spec, status }: Immutable<MinerPool>,
  allocated: number,
  idleness: Idleness | undefined,
): readonly Statement[] {
  if (allocated === 0 || idleness === 'unmeasured') {
    return [];
  }
  if (idleness === undefined) {
    const standing = findCondition(status?.conditions, 'GpusIdle');
    return standing === undefined ? [] : [{ ...standing, reason: standing.reason as Reason }];
  }
  const { belowPercent, forSeconds } = spec.idle;
  return [
    idleness === 'busy'
      ? condition('GpusIdle', false, 'GPUsInUse')
      : condition(
          'GpusIdle',
          true,
          'GPUsIdle',
          `every GPU has been below ${belowPercent} % since ${rfc3339(idleness)}, which is longer than ${forSeconds} s`,
        ),
  ];
}
