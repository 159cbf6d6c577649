// What was typed into a form is not lost because one's session had ended: the tab keeps it over the
// sign-in page and fills it in again, for the same person on the same page. Nothing is sent by itself.
import { make } from "./dom.js";
import { fill, labels, values } from "./drafts.js";
import { say } from "./strings.js";

const KEY = "unsent";
const { user } = document.body.dataset;
const here = location.pathname + location.search;

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY));
  } catch (error) {
    return null; // Forbidden storage keeps nothing.
  }
}

function write(held) {
  try {
    if (held) sessionStorage.setItem(KEY, JSON.stringify(held));
    else sessionStorage.removeItem(KEY);
  } catch (error) {
    // Without storage it is as it was: one types again.
  }
}

function tell(place, words) {
  place.prepend(make("div", { class: "banner banner--info mb-3", role: "status" }, make("div", { class: "banner__body" }, words)));
}

// Forms with a draft of their own are kept there; secrets are kept nowhere.
function isKept(form) {
  return form.method === "post" && !form.dataset.autosaveUrl && !form.querySelector("[type=password]");
}

function restore(held) {
  const form = [...document.querySelectorAll("main form")].find((one) => isKept(one) && one.getAttribute("action") === held.action);
  if (!form) return;
  const hidden = [...form.elements].filter((one) => one.type === "hidden").map((one) => [one, one.value]);
  fill(form, held);
  hidden.forEach(([one, value]) => (one.value = value));
  const words = say(form.querySelector("[type=file]") ? "typed_back_files" : "typed_back");
  const dialog = form.closest("details[data-dialog]");
  form.querySelectorAll("details").forEach((one) => (one.open = true));
  tell(form, words);
  if (dialog) dialog.querySelector("summary").click();
  // What follows from the rest of a form is asked again.
  form.dispatchEvent(new Event("change", { bubbles: true }));
}

const held = read();
if (held && document.querySelector("[data-not-sent]")) {
  write({ ...held, lost: true });
  const entrance = document.querySelector("[data-sign-in]");
  if (entrance) tell(entrance, say("typed_kept"));
} else if (held && !document.body.hasAttribute("data-keep-drafts")) {
  write(null);
  if (held.lost && held.user === user && held.page === here) restore(held);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !user || !isKept(form) || form.hasAttribute("hx-post")) return;
  write({ user, page: here, action: form.getAttribute("action"), values: values(form), labels: labels(form) });
});
