// A second tap on the same button does nothing; coming back, or waiting, makes the form usable again.
import { csrfToken } from "./dom.js";

const RETRY_AFTER = 10000;

function release(form) {
  delete form.dataset.busy;
  form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (form.dataset.busy) {
    event.preventDefault();
    return;
  }
  form.dataset.busy = "1";
  const token = form.querySelector("input[name=csrfmiddlewaretoken]");
  if (token) token.value = csrfToken();
  const button = event.submitter || form.querySelector("button:not([type=button])");
  if (button) button.setAttribute("aria-busy", "true");
  setTimeout(() => release(form), RETRY_AFTER);
});

addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-busy]").forEach(release);
});

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = csrfToken();
});
document.addEventListener("htmx:beforeRequest", (event) => {
  const form = event.detail.elt.closest("form");
  if (!form || event.detail.requestConfig.verb === "get") return;
  if (form.dataset.busy) event.preventDefault();
  form.dataset.busy = "1";
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt.closest("form");
  if (form) release(form);
});
