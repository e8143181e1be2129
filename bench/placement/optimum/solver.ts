import loadHighs from 'highs';
import { type LinearProgram, lpText } from './linear-program.ts';

/** Finds the minimum of a program. */
export type Solver = (program: LinearProgram) => number;

/** Node loads the ES module of the package, but its types are those of the CommonJS one, a level deeper. */
const load = loadHighs as unknown as typeof loadHighs.default;

/** HiGHS, in this process. */
export async function loadSolver(): Promise<Solver> {
  const highs = await load();
  return (program) => {
    const { Status, ObjectiveValue } = highs.solve(lpText(program), { output_flag: false });
    if (Status !== 'Optimal') {
      throw new Error(`the linear program has no optimum: ${Status}`);
    }
    return ObjectiveValue;
  };
}
