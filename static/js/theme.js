// Theme button: as the device → light → dark. theme-init.js applies the choice before the first paint.
import { eachNew } from "./dom.js";
import { say } from "./strings.js";

const ORDER = ["auto", "light", "dark"];
const device = matchMedia("(prefers-color-scheme: dark)");

function choice() {
  try {
    return localStorage.getItem("theme") || "auto";
  } catch (error) {
    return "auto"; // Storage may be forbidden.
  }
}

function remember(theme) {
  try {
    localStorage.setItem("theme", theme);
  } catch (error) {
    // The choice then lasts as long as the page.
  }
}

function apply(theme) {
  const shown = theme === "auto" ? (device.matches ? "dark" : "light") : theme;
  document.documentElement.setAttribute("data-bs-theme", shown);
  document.querySelectorAll("[data-theme-label]").forEach((label) => {
    label.textContent = say(`theme_${theme}`);
  });
  document.dispatchEvent(new CustomEvent("theme:changed", { detail: shown }));
}

eachNew("[data-theme-toggle]", (button) => {
  apply(choice());
  button.addEventListener("click", () => {
    const next = ORDER[(ORDER.indexOf(choice()) + 1) % ORDER.length];
    remember(next);
    apply(next);
  });
});
device.addEventListener("change", () => apply(choice()));
