// Before the first paint: the theme that was chosen, or the system's.
(function () {
  try {
    var chosen = localStorage.getItem('theme');
    if (chosen === 'light' || chosen === 'dark') {
      document.documentElement.dataset.theme = chosen;
    }
  } catch (blocked) {
    document.documentElement.dataset.theme = '';
  }
})();
