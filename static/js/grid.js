// Arrow keys walk from button to button in a table; Home and End go to the ends of the row.
const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

function rowsOf(table) {
  return [...table.querySelectorAll("tbody tr")].filter((row) => row.querySelector("td"));
}

function next(table, button, key) {
  const cell = button.closest("td");
  const rows = rowsOf(table);
  const row = cell.parentElement;
  if (key === "Home" || key === "End") {
    const buttons = row.querySelectorAll("td button");
    return buttons[key === "Home" ? 0 : buttons.length - 1];
  }
  const [down, right] = STEPS[key];
  let [y, x] = [rows.indexOf(row), [...row.cells].indexOf(cell)];
  do {
    [y, x] = [y + down, x + right];
    const target = rows[y] && rows[y].cells[x];
    if (!target || target.tagName === "TH") return null;
    const found = target.querySelector("button");
    if (found) return found;
  } while (true);
}

document.addEventListener("keydown", (event) => {
  const button = event.target.closest && event.target.closest("[data-grid] td button");
  if (!button || event.altKey || event.ctrlKey || event.metaKey) return;
  if (!(event.key in STEPS) && event.key !== "Home" && event.key !== "End") return;
  event.preventDefault();
  const target = next(button.closest("[data-grid]"), button, event.key);
  if (target) target.focus();
});
