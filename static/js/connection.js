// Says when the line is gone, and when it is back.
import { make } from "./dom.js";
import { say } from "./strings.js";
import { toast } from "./toast.js";

let bar = null;

// A request that ends because the page is left is no fault: htmx would report it as one.
const underWay = new Set();
document.addEventListener("htmx:beforeSend", (event) => underWay.add(event.detail.xhr));
document.addEventListener("htmx:afterRequest", (event) => underWay.delete(event.detail.xhr));
addEventListener("pagehide", () => {
  underWay.forEach((xhr) => (xhr.onabort = xhr.onerror = null));
  underWay.clear();
});

addEventListener("offline", () => {
  if (bar) return;
  bar = make("div", { class: "offline-bar no-print", role: "status" }, say("offline"));
  document.body.append(bar);
});
addEventListener("online", () => {
  if (!bar) return;
  bar.remove();
  bar = null;
  toast(say("online"), "success");
});
