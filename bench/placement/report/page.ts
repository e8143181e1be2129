import type { PlacementResult } from './result.ts';
import { type Table, tablesOf } from './tables.ts';

/** The text of docs/placement-performance.md. Every figure in it is one of the result's. Pure. */
export function placementPage(result: PlacementResult): string {
  const { date, versions, missed, scale } = result;
  const scaleNote =
    scale === 1 ? '' : ` Every count is multiplied by ${scale}: these are not the figures to quote.`;
  return [
    '# What placement saves',
    '',
    '<!-- Written by npm run bench:page from bench/placement/result.json. Do not edit. -->',
    '',
    `Simulated by \`npm run bench:placement\` on ${date.slice(0, 10)}: Headframe ${versions.headframe} (commit \`${versions.commit}\`), Node.js ${versions.node}.${scaleNote}`,
    'No cluster is involved: the code of `src/compute/placement` places pools on a fleet that is made up, at prices that are a seeded random walk and nobody’s market. Everything but the times is the same every time.',
    '',
    missed.length === 0
      ? 'Every limit is met: no replica above its cap, no pool above its budget of moves, the largest pool placed in less than a second, and time that grows no faster than n log n.'
      : missed.map((limit) => `- **Limit missed**: ${limit}`).join('\n'),
    '',
    ...tablesOf(result).flatMap(({ title, ...table }) => [`## ${title}`, '', markdown(table), '']),
    '## How it is measured',
    '',
    METHOD,
    '',
  ].join('\n');
}

function markdown({ head, rows }: Pick<Table, 'head' | 'rows'>): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const METHOD = `- **Pools are placed as the operator places them**: one after the other, each without regard to the others, in an order that nobody chooses. Here chance does, from the seed. The set "most choice first" is the worst order there is.
- **The optimum** is that of a linear program that places all pools together, in parts of replicas, with all nodes of a model as one: no placement can be better. "Least cost" delivers no fewer V100-equivalent hours with as many replicas; "least price" may deliver fewer, and fills slow GPUs.
- **first-fit** takes the first cluster by name that will do, **random** any that will; neither moves. **All moves** moves for any saving at once.
- The aim is to be within 2 % of the least cost; the share of instances within it is in the last column.
- Run it yourself: \`npm run bench:placement\`, \`-- --scale 0.02\` for a look that takes seconds, \`-- --json FILE\` to keep the result. It ends with 1 when a limit is missed; times are judged in the whole size only.`;
