// Menus are <details>: close on Escape, on a tap outside, and when another opens.

function closeOthers(keep) {
  document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
    if (menu !== keep) menu.removeAttribute("open");
  });
}

document.addEventListener("click", (event) => closeOthers(event.target.closest("details[data-menu]")));
document.addEventListener("focusin", (event) => closeOthers(event.target.closest("details[data-menu]")));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details[data-menu][open]");
  if (!menu) return;
  menu.removeAttribute("open");
  menu.querySelector("summary").focus();
});
