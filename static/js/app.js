// Behaviours of every page; the heavier ones come only where the page asks for them.
import { eachNew } from "./dom.js";
import { forgetAccepted } from "./drafts.js";
import "./theme.js";
import "./menu.js";
import "./tabs.js";
import "./clock.js";
import "./toast.js";
import "./connection.js";
import "./dialog.js";
import "./disclose.js";
import "./submit-once.js";
import "./unsent.js";
import "./hotkeys.js";
import "./focus-errors.js";
import "./bell.js";

forgetAccepted();
eachNew("[data-combobox]", (element) => {
  import("./combobox.js").then((module) => module.upgrade(element));
});
eachNew("form[data-autosave-url]", (form) => {
  import("./autosave.js").then((module) => module.upgrade(form));
});
eachNew("[data-news]", () => {
  import("./news.js");
});
eachNew("[data-drop]", () => {
  import("./drop.js");
});
eachNew("video[data-place-url]", (video) => {
  import("./place.js").then((module) => module.upgrade(video));
});
