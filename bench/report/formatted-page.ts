import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { performancePage } from './page.ts';
import type { BenchResult } from './result.ts';

/** {@link performancePage} as `npm run format` would leave it. */
export async function formattedPage({
  file,
  result,
}: {
  file: string;
  result: BenchResult;
}): Promise<string> {
  const config = await resolveConfig(fileURLToPath(import.meta.url));
  return format(performancePage(result, file), { ...config, parser: 'markdown' });
}
