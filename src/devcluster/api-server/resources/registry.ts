import type { Served } from './served.ts';

/** All resources served at the moment. Custom ones come and go. */
export interface Registry {
  find(group: string, version: string, plural: string): Served | undefined;
  /** In the order in which discovery lists them. */
  all(): readonly Served[];
  /** Counts changes, for what is derived from all resources (discovery, OpenAPI). */
  readonly generation: number;
  /** Replaces what one definition serves; nothing when the list is empty. */
  setCustom(definition: string, served: readonly Served[]): void;
}

export function createRegistry(builtIn: readonly Served[]): Registry {
  const custom = new Map<string, readonly Served[]>();
  let byPath = index(builtIn);
  let all: readonly Served[] = builtIn;
  let generation = 0;
  return {
    find: (group, version, plural) => byPath.get(pathOf(group, version, plural)),
    all: () => all,
    get generation() {
      return generation;
    },
    setCustom(definition, served) {
      if (served.length === 0) {
        custom.delete(definition);
      } else {
        custom.set(definition, served);
      }
      all = [...builtIn, ...[...custom.values()].flat()];
      byPath = index(all);
      generation++;
    },
  };
}

function index(all: readonly Served[]): Map<string, Served> {
  return new Map(
    all.map((served) => {
      const { group, version, plural } = served.resource;
      return [pathOf(group, version, plural), served];
    }),
  );
}

function pathOf(group: string, version: string, plural: string): string {
  return `${group}/${version}/${plural}`;
}
