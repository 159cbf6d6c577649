// Files dropped on the frame land in its file input.
import { eachNew } from "./dom.js";

eachNew("[data-drop]", (frame) => {
  const input = frame.querySelector("input[type=file]");
  const over = (event, inside) => {
    event.preventDefault();
    frame.classList.toggle("is-over", inside);
  };
  frame.addEventListener("dragover", (event) => over(event, true));
  frame.addEventListener("dragleave", (event) => over(event, false));
  frame.addEventListener("drop", (event) => {
    over(event, false);
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
});
