// Says when the line is gone, and when it is back.
import { make } from "./dom.js";
import { say } from "./strings.js";
import { toast } from "./toast.js";

let bar = null;

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
