// Sentences come translated from the server (ui_strings in base.html).

const block = document.getElementById("ui-strings");
const strings = block ? JSON.parse(block.textContent) : {};

export function say(key, values = {}) {
  const pattern = strings[key] === undefined ? key : strings[key];
  return pattern.replace(/%\((\w+)\)[sd]/g, (mark, name) => (name in values ? String(values[name]) : mark));
}

// 09:02 where the alliance is, wherever the device thinks it is.
export function timeOfDay(moment) {
  const { timezone } = document.documentElement.dataset;
  return new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: timezone || undefined }).format(moment);
}
