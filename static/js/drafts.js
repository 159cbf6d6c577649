// The device's own copy of what someone is typing, until the server has it.
import { store } from "./dom.js";

const PREFIX = "draft:";
const SUBMITTED = "draft-submitted";
const DAY = 86400000;

export function keep(key, draft) {
  return store.write(PREFIX + key, { ...draft, at: new Date().toISOString() });
}

export function kept(key) {
  return store.read(PREFIX + key);
}

export function forget(key) {
  store.forget(PREFIX + key);
}

export function submitted(key) {
  sessionStorage.setItem(SUBMITTED, key);
}

// The answer to a submitted form that is neither the form again, nor an error, nor the sign-in page
// (those say data-keep-drafts) means that the server has it.
export function forgetAccepted() {
  const key = sessionStorage.getItem(SUBMITTED);
  if (!key || document.body.hasAttribute("data-keep-drafts")) return;
  sessionStorage.removeItem(SUBMITTED);
  const form = [...document.querySelectorAll("form[data-autosave-key]")].find((other) => other.dataset.autosaveKey === key);
  if (!form) forget(key);
}

// Copies nobody came back for do not stay on a shared device.
export function forgetOld(days) {
  Object.keys(localStorage)
    .filter((name) => name.startsWith(PREFIX))
    .forEach((name) => {
      const draft = store.read(name);
      if (!draft || Date.now() - Date.parse(draft.at) > days * DAY) store.forget(name);
    });
}

export function values(form) {
  return [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken" && name !== "version");
}

// Comboboxes show words for codes: the words are kept with them.
export function labels(form) {
  const found = {};
  form.querySelectorAll("[data-combobox]").forEach((element) => {
    if (element.options) [...element.selectedOptions].forEach((option) => (found[`${element.name}=${option.value}`] = option.textContent));
    else if (element.value) found[`${element.name}=${element.value}`] = element.dataset.comboboxLabel || element.value;
  });
  return found;
}

export function fill(form, draft) {
  [...form.elements].forEach((element) => {
    if (!element.name || ["file", "submit", "button"].includes(element.type)) return;
    if (element.name === "csrfmiddlewaretoken" || element.name === "version" || element.tagName === "BUTTON") return;
    const mine = draft.values.filter(([name]) => name === element.name).map(([, value]) => value);
    if (element.type === "checkbox" || element.type === "radio") element.checked = mine.includes(element.value);
    else if (element.tagName === "SELECT") choose(element, mine, draft.labels || {});
    else element.value = mine.length ? mine[0] : "";
    if (element.dataset.combobox !== undefined && mine.length) {
      element.dataset.comboboxLabel = (draft.labels || {})[`${element.name}=${mine[0]}`] || mine[0];
    }
    element.dispatchEvent(new CustomEvent("combobox:refresh"));
  });
}

function choose(select, mine, names) {
  mine.forEach((value) => {
    if (value && ![...select.options].some((option) => option.value === value)) {
      select.add(new Option(names[`${select.name}=${value}`] || value, value));
    }
  });
  [...select.options].forEach((option) => {
    option.selected = mine.includes(option.value);
  });
}
