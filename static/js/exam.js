// An exam: how much is answered, and handing in by itself when the time is over.
// The server keeps the time; this only spares a person the tap.

const form = document.querySelector("[data-paper]");
const counted = form.querySelector("[data-answered]");
const bar = form.querySelector("[data-answered-bar]");
const due = Date.parse(form.querySelector("time[data-due]").dataset.due);
const STEP = 500;

function answered() {
  return [...form.querySelectorAll("fieldset")].filter((question) => question.querySelector("input:checked")).length;
}

function count() {
  const number = answered();
  counted.textContent = number;
  bar.value = number;
}

// Clocks of devices are wrong: what is left is measured from the moment the page was made.
const made = Date.parse(document.documentElement.dataset.now);
const started = performance.now();

function wait() {
  const left = due - (made + performance.now() - started);
  if (left > 0) setTimeout(wait, Math.min(left, STEP * 2));
  else form.requestSubmit(form.querySelector("[data-time-out]"));
}

form.addEventListener("change", count);
count();
if (made && due > made) wait();
