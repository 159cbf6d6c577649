// Lifts <details data-dialog> into a modal <dialog>. Browsers without <dialog> keep the <details>.
import { eachNew, make } from "./dom.js";
import { say } from "./strings.js";

const supported = typeof HTMLDialogElement === "function" && "showModal" in HTMLDialogElement.prototype;
let counter = 0;

function lift(details) {
  const body = details.querySelector("[data-dialog-body]");
  const title = body.querySelector(".ask__title");
  const dialog = make("dialog", { class: "modal-box" });
  if (title) {
    title.id = title.id || `dialog-title-${(counter += 1)}`;
    dialog.setAttribute("aria-labelledby", title.id);
  }
  const close = make("button", { class: "modal-box__close", type: "button", "aria-label": say("close") }, "✕");
  close.addEventListener("click", () => dialog.close());
  dialog.append(body, close);
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-dialog-close]")) dialog.close();
  });
  dialog.addEventListener("close", () => {
    details.append(body);
    dialog.remove();
    details.querySelector("summary").focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  const first = body.querySelector("[autofocus], [aria-invalid=true], input:not([type=hidden]), select, textarea") || body.querySelector("button, a");
  if (first) first.focus();
}

if (supported) {
  eachNew("details[data-dialog]", (details) => {
    details.querySelector("summary").addEventListener("click", (event) => {
      event.preventDefault();
      lift(details);
    });
    if (details.hasAttribute("data-dialog-open")) {
      details.removeAttribute("open");
      lift(details);
    }
  });
}
