import type { Page } from '@playwright/test';

/** Lets go of a file over the page, as a person does from their desktop. */
export async function drop(page: Page, name: string, body: Buffer): Promise<void> {
  const transfer = await page.evaluateHandle(
    ({ name, base64 }) => {
      const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
      const transfer = new DataTransfer();
      transfer.items.add(new File([bytes], name));
      return transfer;
    },
    { name, base64: body.toString('base64') },
  );
  const target = page.getByText('An empty notebook').or(page.getByRole('main').getByRole('region').first()).first();
  for (const type of ['dragenter', 'dragover', 'drop']) await target.dispatchEvent(type, { dataTransfer: transfer });
}
