// The composer: its kinds, templates, variables, the preview, and Ctrl+Enter.
const textOf = (form) => ["subject", "body"].map((name) => form.querySelector(`[name=${name}]`));
let lastWritten = null; // the field that a variable goes into

function show(tab) {
  for (const other of tab.parentElement.querySelectorAll("[role=tab]")) {
    const isChosen = other === tab;
    other.setAttribute("aria-selected", String(isChosen));
    other.tabIndex = isChosen ? 0 : -1;
    document.getElementById(other.getAttribute("aria-controls")).hidden = !isChosen;
  }
}

function isKind(element) {
  return element.matches?.(".composer-kinds [role=tab]");
}

document.addEventListener("click", (event) => {
  const tab = event.target.closest?.(".composer-kinds [role=tab]");
  if (tab) show(tab);
});

document.addEventListener("keydown", (event) => {
  if (isKind(event.target) && ["ArrowLeft", "ArrowRight"].includes(event.key)) {
    const other = event.target.nextElementSibling ?? event.target.previousElementSibling;
    show(other);
    other.focus();
  }
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest?.("form:has([data-sends])");
  const button = form?.querySelector("[data-sends]");
  if (!button) return;
  event.preventDefault();
  form.requestSubmit(button);
});

document.addEventListener("focusin", (event) => {
  if (event.target.matches("[name=subject], [name=body]")) lastWritten = event.target;
});

// A variable is put where the cursor was; one that is a block only into the text.
function insert(picker) {
  const form = document.getElementById(picker.dataset.inserts);
  const [, body] = textOf(form);
  const isBlock = "block" in picker.selectedOptions[0].dataset;
  const field = form.contains(lastWritten) && !isBlock ? lastWritten : body;
  field.focus();
  field.setRangeText(`{{ ${picker.value} }}`, field.selectionStart, field.selectionEnd, "end");
  picker.value = "";
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

// A template replaces what is there, after a question where that was written by hand.
function fill(picker) {
  const form = document.getElementById(picker.dataset.fills);
  const texts = JSON.parse(document.getElementById(picker.dataset.texts).textContent);
  const [subject, body] = textOf(form);
  const isOwn = body.value.trim() && !texts.some((text) => text.body === body.value.replaceAll("\r\n", "\n"));
  const put = () => {
    const chosen = texts.find((text) => text.id === picker.value);
    if (!chosen) return;
    [subject.value, body.value] = [chosen.subject, chosen.body];
    picker.dataset.chosen = picker.value;
  };
  const keep = () => (picker.value = picker.dataset.chosen ?? "");
  if (!isOwn) return put();
  document.dispatchEvent(
    new CustomEvent("ask", { detail: { question: picker.dataset.question, yes: put, no: keep } }),
  );
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-inserts]") && event.target.value) insert(event.target);
  if (event.target.matches("[data-fills]")) fill(event.target);
  if (event.target.matches("[name=preview_for]")) event.target.form.querySelector("[data-previews]").click();
});

// The mail itself is posted into the frame, as nothing of it is kept yet.
document.addEventListener("htmx:after:swap", () => {
  const frame = document.querySelector("iframe[data-shows]:not([data-shown])");
  if (!frame) return;
  frame.dataset.shown = "";
  const form = document.getElementById(frame.dataset.shows);
  const [action, target] = [form.getAttribute("action"), form.target];
  form.action = frame.dataset.from;
  form.target = frame.name;
  form.submit();
  form.setAttribute("action", action);
  form.target = target;
  frame.scrollIntoView({ block: "nearest" });
});
