/* Runs before the first paint so that a dark page never flashes white. */
(function () {
  var choice = 'system';
  try {
    choice = localStorage.getItem('theme') || 'system';
  } catch {
    /* storage is closed: follow the system */
  }
  var dark = choice === 'dark' || (choice === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();

/* What is typed before the page wakes is kept by field name, so that waking up does not take it away. */
(function () {
  var early = {};
  window.__earlyEntries = early;
  document.addEventListener(
    'input',
    function (event) {
      if (event.target instanceof HTMLInputElement && event.target.name) early[event.target.name] = event.target.value;
    },
    true,
  );
})();
