// Sentences come translated from the server (ui_strings in base.html).

const block = document.getElementById("ui-strings");
const strings = block ? JSON.parse(block.textContent) : {};

export function say(key, values = {}) {
  const pattern = strings[key] === undefined ? key : strings[key];
  return pattern.replace(/%\((\w+)\)[sd]/g, (mark, name) => (name in values ? String(values[name]) : mark));
}

export function timeOfDay(moment) {
  const pad = (number) => String(number).padStart(2, "0");
  return `${pad(moment.getHours())}:${pad(moment.getMinutes())}`;
}
