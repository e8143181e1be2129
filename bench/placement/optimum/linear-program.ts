/** A sum of variables, each with its factor. */
export type Terms = readonly { readonly variable: string; readonly factor: number }[];

export interface Row {
  readonly terms: Terms;
  readonly relation: '<=' | '>=' | '=';
  readonly bound: number;
}

/** Minimise a sum under rows of conditions. No variable is negative. */
export interface LinearProgram {
  readonly minimise: Terms;
  readonly rows: readonly Row[];
}

/** The program in the LP format of CPLEX, which solvers read. */
export function lpText({ minimise, rows }: LinearProgram): string {
  const conditions = rows
    .filter(({ terms }) => terms.length > 0)
    .map(({ terms, relation, bound }, index) => ` r${index}: ${sumText(terms)} ${relation} ${bound}`);
  return ['Minimize', ` cost: ${sumText(minimise)}`, 'Subject To', ...conditions, 'End', ''].join('\n');
}

/** One term a line: the format limits the length of lines. */
function sumText(terms: Terms): string {
  return terms
    .map(({ variable, factor }) => `${factor < 0 ? '-' : '+'} ${Math.abs(factor)} ${variable}`)
    .join('\n  ');
}
