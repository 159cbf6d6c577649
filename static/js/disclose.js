// A button that folds a panel away; without scripts the panel is simply there.
import { eachNew } from "./dom.js";

eachNew("[data-disclose]", (button) => {
  const panel = document.querySelector(button.dataset.disclose);
  if (!panel) return;
  const show = (open) => {
    panel.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
  };
  button.hidden = false;
  show(Boolean(panel.querySelector("[aria-invalid=true]")));
  button.addEventListener("click", () => show(panel.hidden));
});
