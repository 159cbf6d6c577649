// Short words that leave by themselves; errors stay until they are closed.
import { eachNew, make } from "./dom.js";
import { say } from "./strings.js";

const STAYS = 6000;

export function toast(text, tone = "info") {
  const close = make("button", { class: "toast-item__close", type: "button", "data-toast-close": true, "aria-label": say("close") }, "✕");
  const item = make("div", { class: `toast-item toast-item--${tone}`, "data-toast": true }, make("span", { class: "toast-item__text" }, text), close);
  document.getElementById("toasts").append(item);
  settle(item);
}

function settle(item) {
  if (!item.classList.contains("toast-item--error")) setTimeout(() => item.remove(), STAYS);
}

eachNew("[data-toast]", settle);
document.addEventListener("click", (event) => {
  const close = event.target.closest("[data-toast-close]");
  if (close) close.closest("[data-toast]").remove();
});
document.addEventListener("htmx:sendError", () => toast(say("failed"), "error"));
document.addEventListener("htmx:responseError", () => toast(say("failed"), "error"));
