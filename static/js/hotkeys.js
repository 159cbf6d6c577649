// One key, one act: any element with data-hotkey. J and K walk the rows. Never while someone types.
import { isTyping } from "./dom.js";

function usable(element) {
  return element.getClientRects().length > 0 && !element.disabled && element.getAttribute("aria-disabled") !== "true";
}

function act(element) {
  if (element.matches("input, textarea, select")) {
    element.focus();
    if (element.select) element.select();
  } else {
    element.click();
  }
}

function walk(step) {
  const rows = [...document.querySelectorAll("[data-row]")].filter(usable);
  if (!rows.length) return;
  const inFocus = document.activeElement ? document.activeElement.closest("[data-row]") : null;
  const at = rows.indexOf(inFocus || document.querySelector("[data-row].is-current"));
  const row = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
  const link = row.querySelector("a[href]");
  if (!link) return;
  link.focus();
  row.scrollIntoView({ block: "nearest" });
  if (row.closest("[data-rows-open]") && row !== rows[at]) link.click();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
  if (isTyping(event.target)) {
    if (event.key === "Escape" && event.target.matches("[data-search]")) event.target.blur();
    return;
  }
  if (document.querySelector("dialog[open]")) return;
  const key = event.key.toLowerCase();
  const target = [...document.querySelectorAll("[data-hotkey]")].find((element) => element.dataset.hotkey.toLowerCase() === key && usable(element));
  if (target) {
    event.preventDefault();
    act(target);
  } else if (key === "j" || key === "k") {
    event.preventDefault();
    walk(key === "j" ? 1 : -1);
  }
});

// htmx keeps the list in place while the detail changes: the mark follows the click.
document.addEventListener("click", (event) => {
  const row = event.target.closest("[data-rows-open] [data-row]");
  if (!row || !event.target.closest("a[href]")) return;
  row.closest("[data-rows-open]").querySelectorAll(".is-current").forEach((other) => {
    other.classList.remove("is-current");
    other.removeAttribute("aria-current");
  });
  row.classList.add("is-current");
  row.setAttribute("aria-current", "true");
});
