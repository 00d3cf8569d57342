import { fileURLToPath } from 'node:url';
import { openPage } from './open-page.ts';

// `npm run screenshot`: the README's picture, taken from the built page as it greets.
const target = fileURLToPath(new URL('../../public/screenshot.png', import.meta.url));
const { page, errors, close } = await openPage({ width: 1440, height: 900, colorScheme: 'light' });
try {
  await page.waitForFunction(() => document.title.includes('·') || document.title !== '');
  await page.waitForNetworkIdle();
  await page.screenshot({ path: target });
  if (errors.length > 0) throw new Error(errors.join('\n'));
} finally {
  await close();
}
