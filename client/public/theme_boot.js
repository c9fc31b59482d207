// Runs before the first paint, so that a dark theme never flashes white. It is a file of its own because the
// Content-Security-Policy allows no inline script. lib/theme.ts writes what is read here.
(() => {
  let theme = null;
  try {
    theme = localStorage.getItem("orrery.theme");
  } catch (_blocked) {
    theme = null; // Storage is blocked: the system's preference decides.
  }
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const known = theme === "light" || theme === "dark" || theme === "neon";
  document.documentElement.dataset.theme = known ? theme : dark ? "dark" : "light";
})();
