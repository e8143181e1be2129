import { reasons } from '../src/api/reasons.ts';

/*
 * docs/reference/reasons.md: what each condition reason and event reason means, and what to do about it.
 */

type Entry = (typeof reasons)[keyof typeof reasons];

const HEADER = `# Condition and event reasons

<!-- Written by npm run generate from src/api/reasons.ts. Do not edit. -->

Every condition of a Headframe object and every event about it carries one of these reasons. A reason is part of the API: it
keeps its meaning, so scripts and alerts may rely on it. The message beside it is for people and may change.
`;

/** The reference page of the catalogue of reasons, as Markdown: a section for each kind, a heading for each reason. */
export function reasonsReference(): string {
  const entries = Object.entries(reasons) as [string, Entry][];
  const kinds = [...new Set(entries.flatMap(([, entry]) => [...entry.kinds]))].sort();
  const sections = kinds.map((kind) => {
    const own = entries.filter(([, entry]) => (entry.kinds as readonly string[]).includes(kind));
    return [`## ${kind}\n`, ...own.map(section)].join('\n');
  });
  return [HEADER, ...sections].join('\n');
}

function section([name, entry]: [string, Entry]): string {
  const where = entry.where.map((place) => (place === 'condition' ? 'Condition' : 'Event')).join(' and ');
  const remedy: string = entry.remedy;
  return `### ${name}\n\n${where}. ${entry.meaning}\n${remedy === '' ? '' : `\nWhat to do: ${remedy}\n`}`;
}
