import { columns } from '../../src/commands/columns.ts';
import type { GasUse } from './network.ts';
import { type Published, type PublishedFigure, published } from './published.ts';

const NONE = 'none found';

/** The table: gas of each kind of call, next to what others have published. */
export function gasTable(uses: readonly GasUse[]): string {
  const kinds = grouped(uses, ({ call, about }) => `${call}\n${about}`);
  const rows = [...kinds.values()].map((same) => {
    const [{ call, about } = { call: '', about: '' }] = same;
    return [
      call,
      about,
      spread(same.map(({ gas }) => gas)),
      horizon(published[call]),
      figure(published[call]?.livepeer),
    ];
  });
  return columns(['call', '', 'gas', 'Horizon', 'Livepeer'], rows);
}

/** Where the published figures come from. */
export function sources(): string {
  const figures = Object.values(published).flatMap(({ horizon: own, beforeHorizon, livepeer }) =>
    [own, beforeHorizon, livepeer].filter((found) => found !== undefined),
  );
  return [...new Set(figures)].map(({ call, gas, source }) => `${call}: ${gas}: ${source}`).join('\n');
}

function spread(gas: readonly number[]): string {
  const [least, most] = [Math.min(...gas), Math.max(...gas)];
  return least === most ? thousands(least) : `${thousands(least)} to ${thousands(most)}`;
}

function thousands(gas: number): string {
  return gas.toString().replace(/\B(?=(\d{3})+$)/g, ' ');
}

function horizon(found: Published | undefined): string {
  const before = found?.beforeHorizon;
  return before === undefined
    ? figure(found?.horizon)
    : `${figure(found?.horizon)} (before Horizon: ${figure(before)})`;
}

function figure(found: PublishedFigure | undefined): string {
  return found === undefined ? NONE : `${found.call}: ${found.gas}`;
}

/** Map.groupBy, which Node 20 does not have. */
function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
}
