// What every behaviour needs: run on elements now and on those htmx brings later.

export function eachNew(selector, upgrade) {
  const run = (root) => {
    if (root.matches && root.matches(selector)) upgradeOnce(root, selector, upgrade);
    root.querySelectorAll(selector).forEach((element) => upgradeOnce(element, selector, upgrade));
  };
  run(document);
  document.addEventListener("htmx:load", (event) => run(event.detail.elt));
}

const upgraded = new WeakMap();

function upgradeOnce(element, selector, upgrade) {
  const done = upgraded.get(element) || new Set();
  if (done.has(selector)) return;
  done.add(selector);
  upgraded.set(element, done);
  upgrade(element);
}

export function isTyping(target) {
  return Boolean(target && target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]"));
}

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

// The cookie is newer than the form's own token when someone signed in again in another tab.
export function csrfToken() {
  const cookie = document.cookie.split("; ").find((pair) => pair.startsWith("csrftoken="));
  if (cookie) return decodeURIComponent(cookie.slice("csrftoken=".length));
  const field = document.querySelector("input[name=csrfmiddlewaretoken]");
  return field ? field.value : "";
}

export const store = {
  read(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch (error) {
      return null; // Forbidden or broken storage holds nothing for us.
    }
  },
  write(key, value) {
    try {
      localStorage.setItem(key, JSON.stringify(value));
      return true;
    } catch (error) {
      return false; // Full or forbidden: the caller says so.
    }
  },
  forget(key) {
    try {
      localStorage.removeItem(key);
    } catch (error) {
      // Nothing was kept, so nothing is left behind.
    }
  },
};
