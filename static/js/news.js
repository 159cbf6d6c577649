// Whether the referral on the page has moved on: asked when somebody comes back to the page, after a refused
// act, and now and then while it can be seen. What comes takes the place of the old buttons (_news.html).
const EVERY = 30000;
const AT_LEAST = 2000;
const CONFLICTS = [409, 412];
let last = Date.now();

function look() {
  if (document.hidden || Date.now() - last < AT_LEAST) return;
  last = Date.now();
  document.querySelectorAll("[data-news]").forEach((element) => element.dispatchEvent(new Event("look")));
}

setInterval(look, EVERY);
addEventListener("focus", look);
document.addEventListener("visibilitychange", look);
document.addEventListener("htmx:afterSwap", (event) => {
  if (!CONFLICTS.includes(event.detail.xhr.status)) return;
  last = 0;
  look();
});
