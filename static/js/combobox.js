// A search box over a <select> or a text input, after the WAI-ARIA combobox pattern (list, automatic selection off).
//   data-combobox            address answering ?search= with {results: [{id or code, name, hint}]}; empty: filter the options at hand
//   data-combobox-value      which key is the value: "id" unless told      data-combobox-label  words of a text input's value
//   data-combobox-with       "technique:id_technique urgency:id_urgency": other fields sent along
// Without scripts the select or the input remains. A select[multiple] gets chips.
import { make } from "./dom.js";
import { say } from "./strings.js";

const PAUSE = 250;
const MOST = 20;
let counter = 0;

class Combobox {
  constructor(source) {
    this.source = source;
    this.multiple = source.multiple === true;
    this.number = (counter += 1);
    this.results = [];
    this.active = -1;
    this.build();
    this.refresh();
    this.listen();
  }

  build() {
    const { source } = this;
    const id = source.id || `combobox-${this.number}`;
    source.id = `${id}-value`;
    this.input = make("input", {
      id,
      class: "combo__input",
      type: "text",
      role: "combobox",
      autocomplete: "off",
      "aria-expanded": "false",
      "aria-autocomplete": "list",
      "aria-controls": `${id}-list`,
      "aria-describedby": source.getAttribute("aria-describedby"),
      "aria-invalid": source.getAttribute("aria-invalid"),
      "aria-label": source.getAttribute("aria-label"),
      placeholder: source.dataset.placeholder || say("type_to_search"),
      disabled: source.disabled,
    });
    this.needed = source.required;
    source.required = false;
    this.list = make("ul", { id: `${id}-list`, class: "combo__list", role: "listbox", hidden: true });
    const label = document.querySelector(`label[for="${CSS.escape(id)}"]`);
    if (label) {
      label.id = label.id || `${id}-label`;
      this.list.setAttribute("aria-labelledby", label.id);
    } else {
      this.list.setAttribute("aria-label", source.getAttribute("aria-label") || "");
    }
    this.chips = make("ul", { class: "chips", hidden: true });
    this.status = make("div", { class: "visually-hidden", role: "status" });
    const box = make("div", { class: "combo__box" }, this.input);
    this.root = make("div", { class: "combo" }, box, this.list, this.status);
    source.hidden = true;
    source.after(this.root);
    if (this.multiple) this.root.after(this.chips);
  }

  listen() {
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("focus", () => this.input.select());
    this.input.addEventListener("click", () => this.list.hidden && this.search());
    this.input.addEventListener("blur", () => this.left());
    // Pressing an option or a chip leaves the focus, and so the list, where it is.
    [this.list, this.chips].forEach((part) => part.addEventListener("mousedown", (event) => event.preventDefault()));
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.choose(this.results[Number(option.dataset.index)]);
    });
    this.chips.addEventListener("click", (event) => {
      const button = event.target.closest("button[data-value]");
      if (button) this.drop(button.dataset.value);
    });
    this.source.addEventListener("combobox:refresh", () => this.refresh());
  }

  chosen() {
    if (this.source.options) return [...this.source.selectedOptions].filter((option) => option.value).map((option) => ({ value: option.value, name: option.textContent.trim() }));
    return this.source.value ? [{ value: this.source.value, name: this.source.dataset.comboboxLabel || this.source.value }] : [];
  }

  settle() {
    const chosen = this.chosen();
    this.input.value = this.multiple || !chosen.length ? "" : chosen[0].name;
    this.input.required = this.needed && !(this.multiple && chosen.length);
    return chosen;
  }

  refresh() {
    const chosen = this.settle();
    this.chips.hidden = !chosen.length;
    this.chips.replaceChildren(
      ...chosen.map(({ value, name }) => {
        const button = make("button", { type: "button", "data-value": value, "aria-label": say("remove", { name }) }, "✕");
        return make("li", { class: "chip chip--on" }, name, button);
      }),
    );
  }

  typed() {
    clearTimeout(this.timer);
    if (!this.multiple && !this.input.value) this.set([]);
    this.timer = setTimeout(() => this.search(), PAUSE);
  }

  async search() {
    const text = this.input.value.trim();
    const chosen = this.chosen();
    const query = !this.multiple && chosen.length && chosen[0].name === text ? "" : text;
    if (!this.source.dataset.combobox) {
      this.open(this.local(query));
      return;
    }
    if (this.abort) this.abort.abort();
    this.abort = new AbortController();
    this.status.textContent = say("searching");
    try {
      const response = await fetch(this.address(query), { signal: this.abort.signal, credentials: "same-origin", headers: { Accept: "application/json" } });
      const answer = response.ok ? await response.json() : { results: [] };
      if (document.activeElement === this.input) this.open(answer.results.map((row) => this.read(row)));
    } catch (error) {
      if (error.name === "AbortError") return; // a newer search is on its way
      if (!(error instanceof TypeError)) throw error;
      this.note(say("offline"));
    }
  }

  address(query) {
    const url = new URL(this.source.dataset.combobox, location.href);
    url.searchParams.set("search", query);
    (this.source.dataset.comboboxWith || "").split(" ").filter(Boolean).forEach((pair) => {
      const [name, id] = pair.split(":");
      const other = document.getElementById(`${id}-value`) || document.getElementById(id);
      if (other && other.value) url.searchParams.set(name, other.value);
    });
    return url;
  }

  read(row) {
    const key = this.source.dataset.comboboxValue || "id";
    return { value: String(row[key] === undefined ? row.code : row[key]), name: row.name, hint: row.hint || (key === "code" ? "" : row.code) || "" };
  }

  local(query) {
    const wanted = query.toLowerCase();
    return [...this.source.options]
      .filter((option) => option.value && !option.disabled)
      .map((option) => ({ value: option.value, name: option.textContent.trim(), hint: option.dataset.hint || "", search: option.dataset.search || "" }))
      .filter((row) => `${row.name} ${row.hint} ${row.search}`.toLowerCase().includes(wanted));
  }

  open(rows) {
    const taken = this.multiple ? this.chosen().map((row) => row.value) : [];
    this.results = rows.filter((row) => !taken.includes(row.value)).slice(0, MOST);
    this.active = -1;
    if (!this.results.length) {
      this.note(say("no_results"));
      return;
    }
    this.list.replaceChildren(
      ...this.results.map((row, index) =>
        make("li", { id: `${this.list.id}-${index}`, class: "combo__option", role: "option", "aria-selected": "false", "data-index": index },
          make("span", {}, row.name), make("span", { class: "combo__hint" }, row.hint)),
      ),
    );
    this.status.textContent = say("results", { count: this.results.length });
    this.toggle(true);
  }

  note(text) {
    this.results = [];
    this.status.textContent = text;
    this.list.replaceChildren(make("li", { class: "combo__note", role: "option", "aria-disabled": "true", "aria-selected": "false" }, text));
    this.toggle(true);
  }

  toggle(open) {
    this.list.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open));
    if (!open) this.input.removeAttribute("aria-activedescendant");
  }

  key(event) {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (this.list.hidden) this.search();
      else this.move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && !this.list.hidden) {
      event.preventDefault();
      if (this.results[Math.max(this.active, 0)]) this.choose(this.results[Math.max(this.active, 0)]);
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      this.toggle(false);
    } else if (event.key === "Backspace" && this.multiple && !this.input.value) {
      const last = this.chosen().pop();
      if (last) this.drop(last.value);
    }
  }

  move(step) {
    if (!this.results.length) return;
    this.active = (this.active + step + this.results.length) % this.results.length;
    [...this.list.children].forEach((option, index) => option.setAttribute("aria-selected", String(index === this.active)));
    const option = this.list.children[this.active];
    this.input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  choose(row) {
    this.set(this.multiple ? [...this.chosen(), row] : [row]);
    this.toggle(false);
  }

  drop(value) {
    this.set(this.chosen().filter((row) => row.value !== value));
    this.input.focus();
  }

  set(rows) {
    const { source } = this;
    if (source.options) {
      rows.filter((row) => ![...source.options].some((option) => option.value === row.value)).forEach((row) => source.add(new Option(row.name, row.value)));
      [...source.options].forEach((option) => (option.selected = rows.some((row) => row.value === option.value)));
      if (!rows.length && !this.multiple) source.value = "";
    } else {
      source.value = rows.length ? rows[0].value : "";
      source.dataset.comboboxLabel = rows.length ? rows[0].name : "";
    }
    this.refresh();
    source.dispatchEvent(new Event("change", { bubbles: true }));
  }

  left() {
    clearTimeout(this.timer);
    this.toggle(false);
    this.settle();
  }
}

export function upgrade(source) {
  return new Combobox(source);
}
