// Runs before the first paint (a classic script, the only one): no flash of the wrong theme.
(function () {
  var root = document.documentElement;
  var wish = null;
  root.classList.add("js");
  try {
    wish = localStorage.getItem("theme");
  } catch (error) {
    wish = null; // Storage may be forbidden; the device's own choice holds.
  }
  if (wish !== "light" && wish !== "dark") {
    wish = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  }
  root.setAttribute("data-bs-theme", wish);
})();
