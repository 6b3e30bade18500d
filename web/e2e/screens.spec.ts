import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from './fixtures.ts';
import { everyScreen } from './pages/every-screen.ts';

/** Pictures of every screen for people to look at, in `shots/`; each also has to fit its width. */
const shots = join(import.meta.dirname, '..', '..', 'shots');
const sizes = [
  { name: 'light', width: 1440, height: 900, scheme: 'light' },
  { name: 'dark', width: 1440, height: 900, scheme: 'dark' },
  { name: 'phone', width: 390, height: 844, scheme: 'light' },
  { name: 'phone-small', width: 360, height: 740, scheme: 'dark' },
] as const;

test('every screen, light, dark and on a phone', async ({ page, api, stranger }) => {
  test.setTimeout(420_000);
  mkdirSync(shots, { recursive: true });
  const screens = await everyScreen(api);
  const visitor = await stranger.newPage();
  const tooWide: string[] = [];
  for (const size of sizes) {
    for (const [who, places] of [
      [page, screens.inside],
      [visitor, screens.outside],
    ] as const) {
      await who.setViewportSize(size);
      await who.emulateMedia({ colorScheme: size.scheme });
      for (const [name, path] of Object.entries(places)) {
        await who.goto(path);
        await expect(who.getByRole('main')).toBeVisible();
        await expect(who.getByLabel('Opening the notebook')).toBeHidden();
        // The app keeps streams open, so the network is never idle: give charts their moment.
        await who.waitForTimeout(800);
        await who.screenshot({ path: join(shots, `${name}-${size.name}.png`), animations: 'disabled' });
        const over = await who.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        if (over > 0) tooWide.push(`${name} at ${size.width} px is ${over} px too wide`);
      }
    }
  }
  expect(tooWide).toEqual([]);
});
