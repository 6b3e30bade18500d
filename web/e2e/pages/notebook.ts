import { expect, type Locator, type Page } from '@playwright/test';

/** A notebook as a person finds their way in it. */
export class NotebookPage {
  readonly page: Page;
  readonly saved: Locator;
  readonly run: Locator;
  readonly cancelRun: Locator;
  readonly panel: Locator;
  readonly cells: Locator;

  constructor(page: Page) {
    this.page = page;
    const banner = page.getByRole('banner');
    this.saved = banner.getByRole('status');
    this.run = banner.getByRole('button', { name: /^Run(?! modes)/ });
    this.cancelRun = banner.getByRole('button', { name: 'Cancel the run' });
    this.panel = page.getByRole('complementary', { name: 'Context' });
    this.cells = page
      .getByRole('main')
      .getByRole('region', { name: /^(prose|(source|sql|transform|model|chart|input) \w+,)/ });
  }

  async open(id: string): Promise<void> {
    await this.page.goto(`/notebooks/${id}`);
    await expect(this.cells.or(this.page.getByText('An empty notebook')).first()).toBeVisible();
  }

  /** In any state, or in the one named. */
  cell(name: string, state = '\\w[\\w ]*'): Locator {
    return this.page.getByRole('region', {
      name: new RegExp(`^(source|sql|transform|model|chart|input) ${name}, ${state}$`),
    });
  }

  async expectState(name: string, state: string, timeout = 15_000): Promise<void> {
    await expect(this.cell(name, state)).toBeVisible({ timeout });
  }

  editor(name: string): Locator {
    return this.cell(name).getByRole('textbox', { name, exact: true });
  }

  /** What an error points at. */
  markedIn(name: string): Locator {
    return this.editor(name).locator('[role="mark"]');
  }

  grid(name: string): Locator {
    return this.cell(name).getByRole('grid');
  }

  /** The text as the page has it, without the names at others' carets. */
  textOf(name: string): Promise<string> {
    return this.editor(name).evaluate((editor) => {
      const copy = editor.cloneNode(true) as HTMLElement;
      for (const caret of copy.querySelectorAll('.cm-ySelectionCaret')) caret.remove();
      return [...copy.querySelectorAll('.cm-line')].map((line) => line.textContent).join('\n');
    });
  }

  /** Puts the caret at the end of the cell's text. */
  async edit(name: string): Promise<void> {
    await this.cell(name).scrollIntoViewIfNeeded();
    await this.editor(name).click();
    await this.page.keyboard.press('Control+End');
  }

  /** Replaces the whole text, as a paste does. */
  async write(name: string, text: string): Promise<void> {
    await this.edit(name);
    await this.page.keyboard.press('Control+A');
    await this.page.keyboard.insertText(text);
  }

  /** Adds a cell at the end and gives its name. */
  async add(kind: 'SQL' | 'Prose' | 'Chart' | 'Input' | 'Source'): Promise<void> {
    const before = await this.cells.count();
    await this.page.getByRole('main').getByRole('button', { name: 'Add a cell' }).last().click();
    await this.page.getByRole('toolbar', { name: 'Add a cell' }).getByRole('button', { name: kind }).click();
    await expect(this.cells).toHaveCount(before + 1);
  }

  async choose(cell: string, entry: string | RegExp): Promise<void> {
    await this.cell(cell).getByRole('button', { name: 'More' }).first().click();
    await this.page.getByRole('menuitem', { name: entry }).click();
  }

  async expectRun(text: string | RegExp, timeout = 45_000): Promise<void> {
    await this.panel.getByRole('tab', { name: 'Run' }).click();
    await expect(this.panel.getByRole('paragraph').filter({ hasText: text }).first()).toBeVisible({ timeout });
  }
}
