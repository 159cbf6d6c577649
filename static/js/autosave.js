// Keeps a long form safe: at once on this device, every few seconds on the server.
// The form says: data-autosave-url, data-autosave-key (one per draft and person), data-autosave-saved-at (the
// server's copy), data-autosave-keep-days, data-login-url. The server answers {version, saved_at, url?, autosave_url?, key?}.
import { csrfToken, make } from "./dom.js";
import { fill, forget, forgetOld, keep, kept, labels, submitted, values } from "./drafts.js";
import { say, timeOfDay } from "./strings.js";
import { toast } from "./toast.js";

const PAUSE = 3000;
const RETRY = [5000, 15000, 30000, 60000];

class Draft {
  constructor(form) {
    this.form = form;
    this.key = form.dataset.autosaveKey;
    this.sent = JSON.stringify(values(form));
    this.failures = 0;
    this.stopped = false;
    forgetOld(Number(form.dataset.autosaveKeepDays) || 7);
    this.offerRestore();
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", () => this.changed());
    form.addEventListener("submit", () => this.leaving());
    addEventListener("online", () => this.send());
    addEventListener("focus", () => this.waiting && this.send());
    addEventListener("pagehide", () => this.lastWord());
  }

  changed() {
    if (this.stopped || this.now() === this.sent) return;
    if (!keep(this.key, { values: values(this.form), labels: labels(this.form), version: this.version() })) this.show("not_saved", "local");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), PAUSE);
  }

  now() {
    return JSON.stringify(values(this.form));
  }

  version() {
    const field = this.form.elements.namedItem("version");
    return field ? field.value : "";
  }

  async send() {
    clearTimeout(this.timer);
    const snapshot = this.now();
    if (this.stopped || this.sending || snapshot === this.sent) return;
    if (!navigator.onLine) {
      this.show("saved_locally", "local");
      return;
    }
    this.sending = true;
    this.show("saving", "saving");
    try {
      await this.heard(await this.post(), snapshot);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      this.later(); // fetch says TypeError when the line is down
    } finally {
      this.sending = false;
    }
    if (!this.timer && !this.waiting && this.now() !== this.sent) this.changed();
  }

  post(keepalive = false) {
    const body = new URLSearchParams(values(this.form));
    body.set("version", this.version());
    return fetch(this.form.dataset.autosaveUrl, {
      method: "POST",
      body,
      keepalive,
      redirect: "manual",
      credentials: "same-origin",
      headers: { Accept: "application/json", "X-CSRFToken": csrfToken(), "X-Requested-With": "autosave" },
    });
  }

  async heard(response, snapshot) {
    this.timer = 0;
    this.waiting = false;
    if (response.status === 204) this.sent = snapshot; // nothing worth keeping yet
    else if (response.ok) this.acknowledged(await response.json(), snapshot);
    else if (response.type === "opaqueredirect" || response.status === 401 || response.status === 403) this.signedOut();
    else if (response.status === 409 || response.status === 412) this.conflict();
    else if (response.status === 400 || response.status === 422) this.show("not_saved", "local");
    else this.later();
  }

  acknowledged(answer, snapshot) {
    this.failures = 0;
    this.sent = snapshot;
    const version = this.form.elements.namedItem("version");
    if (version && answer.version !== undefined) version.value = answer.version;
    if (answer.autosave_url) this.form.dataset.autosaveUrl = answer.autosave_url;
    if (answer.url) history.replaceState(history.state, "", answer.url);
    if (answer.key) this.rename(answer.key);
    if (this.now() === snapshot) forget(this.key);
    this.show("saved", "saved", { time: timeOfDay(new Date(answer.saved_at || Date.now())) });
  }

  // A page that has become a draft keeps its copy under the draft's name: there it is looked for.
  rename(key) {
    if (key !== this.key) forget(this.key);
    this.key = key;
  }

  later() {
    this.show("saved_locally", "local");
    const wait = RETRY[Math.min(this.failures, RETRY.length - 1)];
    this.failures += 1;
    this.timer = setTimeout(() => this.send(), wait);
  }

  signedOut() {
    this.waiting = true;
    const link = make("a", { href: this.form.dataset.loginUrl || "/accounts/login/", target: "_blank", rel: "opener" }, say("sign_in"));
    this.show("sign_in_again", "signin", {}, link);
  }

  conflict() {
    this.stopped = true;
    const button = make("button", { type: "button", class: "link-button" }, say("reload"));
    button.addEventListener("click", () => location.reload());
    this.show("conflict", "conflict", {}, button);
    toast(say("conflict"), "warning");
  }

  leaving() {
    clearTimeout(this.timer);
    if (this.now() !== this.sent) keep(this.key, { values: values(this.form), labels: labels(this.form), version: this.version() });
    submitted(this.key);
    this.left = true;
  }

  lastWord() {
    if (!this.left && !this.stopped && !this.waiting && this.now() !== this.sent) this.post(true).catch(() => {}); // the copy is here
  }

  show(key, state, numbers = {}, extra = null) {
    const place = this.form.querySelector("[data-autosave-state]") || document.querySelector(`[data-autosave-state="${this.form.id}"]`);
    if (!place) return;
    place.className = `autosave autosave--${state}`;
    const words = place.querySelector("[data-autosave-words]");
    words.replaceChildren(say(key, numbers), ...(extra ? [" · ", extra] : []));
  }

  offerRestore() {
    const copy = kept(this.key);
    if (!copy) return;
    const serverTime = Date.parse(this.form.dataset.autosaveSavedAt) || 0;
    if (JSON.stringify(copy.values) === this.sent || Date.parse(copy.at) <= serverTime) {
      forget(this.key);
      return;
    }
    const yes = make("button", { type: "button", class: "btn btn-sm btn-primary" }, say("restore_yes"));
    const no = make("button", { type: "button", class: "btn btn-sm" }, say("restore_no"));
    const text = make("div", { class: "banner__body" }, say("restore", { time: timeOfDay(new Date(copy.at)) }));
    const banner = make("div", { class: "banner banner--warning mb-3", role: "status" }, text, yes, no);
    yes.addEventListener("click", () => {
      fill(this.form, copy);
      banner.remove();
      this.changed();
    });
    no.addEventListener("click", () => {
      forget(this.key);
      banner.remove();
    });
    this.form.prepend(banner);
  }
}

export function upgrade(form) {
  return new Draft(form);
}
