// On a narrow screen the tab one is on may lie beyond the edge of the bar: it is brought into view.
import { eachNew } from "./dom.js";

eachNew(".tabs", (bar) => {
  const here = bar.querySelector("[aria-current]");
  if (!here || bar.scrollWidth <= bar.clientWidth) return;
  const edge = bar.getBoundingClientRect();
  const tab = here.getBoundingClientRect();
  bar.scrollLeft += tab.left - edge.left - (edge.width - tab.width) / 2;
});
