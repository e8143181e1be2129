import type { Taint, Toleration } from '../api/builtin.ts';
import type { Immutable } from '../api/kube-object.ts';

/** Whether the toleration accepts the taint. (k8s.io/api: Toleration.ToleratesTaint) */
export function tolerates(toleration: Immutable<Toleration>, taint: Immutable<Taint>): boolean {
  const { key = '', effect = '' } = toleration;
  const meant = (effect === '' || effect === taint.effect) && (key === '' || key === taint.key);
  return meant && acceptsValue(toleration, taint);
}

function acceptsValue(
  { key = '', operator = '', value = '' }: Immutable<Toleration>,
  taint: Immutable<Taint>,
): boolean {
  const equal = key !== '' && value === (taint.value ?? '');
  return operator === 'Exists' || ((operator === 'Equal' || operator === '') && equal);
}

/** The first taint of one of these effects that no toleration accepts. */
export function untoleratedTaint(
  taints: readonly Immutable<Taint>[],
  tolerations: readonly Immutable<Toleration>[],
  effects: readonly Taint['effect'][],
): Immutable<Taint> | undefined {
  return taints.find(
    (taint) =>
      effects.includes(taint.effect) && !tolerations.some((toleration) => tolerates(toleration, taint)),
  );
}
