// The bell asks every minute whether there is news, but only while somebody can see it.
import { say } from "./strings.js";
import { toast } from "./toast.js";

const EVERY = 60000;
let last = Date.now();
let timer = setInterval(ring, EVERY);

function ring() {
  const bell = document.querySelector("[data-bell]");
  if (!bell || document.hidden || Date.now() - last < EVERY / 2) return;
  last = Date.now();
  bell.dispatchEvent(new Event("ring"));
}

// The bell, or a page that looks for news (news.js).
function isTimer(event) {
  return event.target instanceof Element && event.target.matches("[data-bell], [data-news]");
}

// A bell that gets no answer is no reason to disturb; an ended session is.
for (const name of ["htmx:sendError", "htmx:responseError"]) {
  document.addEventListener(
    name,
    (event) => {
      if (!isTimer(event)) return;
      event.stopImmediatePropagation();
      if (event.detail.xhr.status !== 401) return;
      clearInterval(timer);
      timer = 0;
      toast(say("signed_out"), "error");
    },
    true,
  );
}
document.addEventListener("visibilitychange", () => timer && ring());
