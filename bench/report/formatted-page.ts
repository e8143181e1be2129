import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

/** A page as `npm run format` would leave it. */
export async function formattedPage(text: string): Promise<string> {
  const config = await resolveConfig(fileURLToPath(import.meta.url));
  return format(text, { ...config, parser: 'markdown' });
}
