// The filing page by keyboard and in one go: what follows from an answer is filled in, nothing is asked twice.

const form = document.getElementById("referral-form");
const RESIDENT = "01";
const PERSON = ["id_type", "id_number", "patient", "name", "birth_date"];
const RESIDENT_LENGTH = 18;
const field = (name) => form.elements.namedItem(name);

// --- Kind: direction and urgency decide what is asked (css/filing.css) ---

function showKind() {
  ["direction", "urgency"].forEach((name) => {
    const inputs = [...form.querySelectorAll(`input[name=${name}]`)];
    const chosen = inputs.find((input) => input.checked);
    if (chosen) form.dataset[name] = chosen.value;
    inputs.forEach((input) => input.closest("label").classList.toggle("is-on", input.checked));
  });
}

form.querySelector("[data-unfold]").addEventListener("click", () => form.classList.add("filing--all"));

// --- Patient: the number first ---

let lookedUp = "";

function lookUp() {
  const asked = PERSON.map((name) => field(name).value).join(" ");
  if (asked === lookedUp) return;
  lookedUp = asked;
  document.getElementById("person-lookup").dispatchEvent(new Event("look-up"));
}

function typedNumber() {
  const number = field("id_number").value.replace(/\s/g, "");
  if (field("id_type").value === RESIDENT && number.length === RESIDENT_LENGTH) lookUp();
}

function fillPerson(person) {
  if (person.dataset.state === "ours") return;
  [["sex", person.dataset.sex], ["birth_date", person.dataset.birthDate]].forEach(([name, value]) => {
    if (value) field(name).value = value;
  });
}

function showChosen() {
  const ours = document.getElementById("person").dataset.state === "ours";
  form.classList.toggle("filing--ours", ours);
  form.classList.toggle("filing--chosen", ours && !field("id_number").value);
}

function anotherPatient() {
  const person = document.getElementById("person");
  person.dataset.state = "";
  person.replaceChildren();
  ["patient", "id_number"].forEach((name) => (field(name).value = ""));
  lookedUp = "";
  showChosen();
  changed();
  field("id_number").focus();
}

function choose(patient) {
  field("patient").value = patient;
  field("id_number").value = "";
  lookUp();
}

// --- Diagnoses begin the impression ---

function proposeImpression() {
  const impression = field("preliminary_impression");
  const names = [...field("diagnoses").selectedOptions].map((option) => option.textContent.trim());
  if (impression.value && impression.value !== impression.dataset.proposed) return;
  impression.value = names.join("，");
  impression.dataset.proposed = impression.value;
}

// Autosave hears of what scripts and the server filled in.
function changed() {
  form.dispatchEvent(new Event("change"));
}

// Enter goes on to the next field (card readers end a number with it); only the button files.
function enterGoesOn(event) {
  const input = event.target;
  if (event.key !== "Enter" || event.defaultPrevented || event.isComposing || !input.matches("input, select")) return;
  event.preventDefault();
  const all = [...form.elements].filter((element) => element.tabIndex >= 0 && element.getClientRects().length);
  const next = all[all.indexOf(input) + 1];
  if (next) next.focus();
}

form.addEventListener("keydown", enterGoesOn);
form.addEventListener("input", (event) => {
  if (event.target.name === "id_number") typedNumber();
});
form.addEventListener("change", (event) => {
  const { name } = event.target;
  if (PERSON.includes(name)) lookUp();
  if (name === "direction" || name === "urgency") showKind();
  if (name === "diagnoses") proposeImpression();
});
form.addEventListener("click", (event) => {
  const twin = event.target.closest("[data-choose]");
  if (twin) choose(twin.dataset.choose);
  if (event.target.closest("[data-another]")) anotherPatient();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) document.querySelector("[data-file]").click();
});
document.addEventListener("htmx:afterSettle", (event) => {
  const part = event.detail.elt;
  if (part.id === "person") {
    fillPerson(part);
    showChosen();
  }
  showKind();
  if (form.contains(part)) changed();
});

// What could not be filed was kept as a draft: reloading finds it there.
// (A button called "action" hides the form's own property of that name.)
const home = form.getAttribute("action");
if (location.pathname !== home) history.replaceState(history.state, "", home);
showKind();
showChosen();
