// Helps on top of pages that work without it.
"use strict";

// After a refused form: to the summary of what to correct.
document.querySelector("[data-focus]")?.focus();

// Characters left in a text area, counted as the server counts: by code points.
for (const note of document.querySelectorAll("[data-count]")) {
  const area = document.getElementById(note.id.replace(/_count$/, ""));
  const show = () => {
    const left = note.dataset.count - [...area.value.replace(/\r?\n/g, "\r\n")].length;
    note.textContent = (left < 0 ? note.dataset.over : note.dataset.left).replace("[n]", Math.abs(left).toLocaleString());
    note.className = left < 0 ? "error" : "hint";
  };
  let waiting;
  area?.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(show, 500); });
  if (area?.value) show();
}

// Show and hide a password.
for (const button of document.querySelectorAll("[data-show]")) {
  const input = document.getElementById(button.dataset.show);
  const words = [button.firstChild.textContent, button.dataset.hideText];
  const show = (visible) => {
    input.type = visible ? "text" : "password";
    button.setAttribute("aria-pressed", visible);
    button.firstChild.textContent = words[Number(visible)];
  };
  button.hidden = false;
  button.addEventListener("click", () => show(input.type === "password"));
  input.form?.addEventListener("submit", () => show(false));
}

// What somebody typed is not lost by leaving or by changing the language.
const forms = [...document.querySelectorAll("main form[method=post]")];
const isKept = (field) => field.name && !["password", "hidden", "file", "submit", "button"].includes(field.type);
const state = (form) => JSON.stringify([...form.elements].filter(isKept).map((field) => [field.name, field.value, field.checked]));
const place = `typed:${location.pathname.replace(/^\/(en|ja)\//, "/")}`;
const before = new Map(forms.map((form) => [form, state(form)]));
const isChanged = () => forms.some((form) => state(form) !== before.get(form));
let isLeaving = false;

const typed = sessionStorage.getItem(place);
if (typed) {
  sessionStorage.removeItem(place);
  JSON.parse(typed).forEach((fields, index) => {
    const form = forms[index];
    for (const [position, value, checked] of fields) {
      const field = form?.elements[position];
      if (!field || !isKept(field)) continue;
      if (["checkbox", "radio"].includes(field.type)) field.checked = checked;
      else field.value = value;
    }
  });
}
for (const link of document.querySelectorAll("[data-language]")) {
  link.addEventListener("click", () => {
    if (!isChanged()) return;
    const fields = forms.map((form) => [...form.elements].flatMap((field, index) => (isKept(field) ? [[index, field.value, field.checked]] : [])));
    sessionStorage.setItem(place, JSON.stringify(fields));
    isLeaving = true;
  });
}

// Questions that hang on an answer (data-for="name=value"): shown for it alone, yet never hiding a mistake to correct,
// nor, before anything is chosen, what somebody has filled in.
for (const part of document.querySelectorAll("[data-for]")) {
  const [name, value] = part.dataset.for.split("=");
  const form = part.closest("form");
  const show = () => {
    const chosen = form.elements[name].value;
    const isFilledIn = [...part.querySelectorAll("input, select, textarea")].some((field) => field.value);
    part.hidden = chosen !== value && !part.querySelector(".bad") && (chosen !== "" || !isFilledIn);
  };
  form.addEventListener("change", show);
  window.addEventListener("pageshow", show);
  show();
}

document.addEventListener("submit", () => { isLeaving = true; });
window.addEventListener("beforeunload", (event) => {
  if (!isLeaving && isChanged()) event.preventDefault();
});
// Back again from the browser's memory: a form may be left once more.
window.addEventListener("pageshow", () => { isLeaving = false; });
