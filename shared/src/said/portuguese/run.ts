/** What is said of runs and their tasks. */
export const run = {
  'in {cell}: {message}': 'em {cell}: {message}',
  '{message} ({hint})': '{message} ({hint})',
};
