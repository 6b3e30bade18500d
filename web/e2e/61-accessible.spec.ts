import AxeBuilder from '@axe-core/playwright';

import { expect, test } from './fixtures.ts';
import { everyScreen } from './pages/every-screen.ts';

const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** Only colours differ between the themes. */
const asked = {
  light: (axe: AxeBuilder) => axe.withTags(standards),
  dark: (axe: AxeBuilder) => axe.withRules(['color-contrast']),
};

test('no screen has a barrier that a machine can find, in either theme', async ({ page, api, stranger }) => {
  test.setTimeout(300_000);
  const screens = await everyScreen(api);
  const visitor = await stranger.newPage();
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const [who, places] of [
      [page, screens.inside],
      [visitor, screens.outside],
    ] as const) {
      await who.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      for (const [name, path] of Object.entries(places)) {
        await who.goto(path);
        await expect(who.getByRole('main')).toBeVisible();
        await expect(who.getByLabel('Opening the notebook')).toBeHidden();
        await who.waitForTimeout(500);
        const { violations } = await asked[colorScheme](new AxeBuilder({ page: who })).analyze();
        for (const { id, nodes } of violations) {
          for (const node of nodes) found.push(`${name} (${colorScheme}) ${id}: ${node.target.join(' ')} ${node.html}`);
        }
      }
    }
  }
  expect(found).toEqual([]);
});
