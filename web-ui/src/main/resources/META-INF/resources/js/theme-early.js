// Runs before the first paint (a plain script, so that the page never flashes in the wrong colours).
(() => {
  try {
    const chosen = localStorage.getItem('gradwatch.theme');
    if (chosen === 'dark' || chosen === 'light') document.documentElement.dataset.theme = chosen;
  } catch {
    // storage is off: the system's preference holds
  }
})();
