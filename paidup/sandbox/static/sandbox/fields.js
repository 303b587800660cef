// The paying page's side of a hosted form. The page has the frame and a form of its own:
//
//   <script type="module" src="…/fields.js"></script>
//   <iframe id="details" data-hosted-form src="…" title="…"></iframe>
//   <form method="post" data-hosted-form-for="details">
//     <input type="hidden" name="token">
//     <p role="alert" data-hosted-form-problem hidden>…</p>
//     <button disabled>Pay</button>
//   </form>
//
// The button is enabled as soon as this script runs: before, the form would go without a token.
// Submitting it asks the frame for a token first, then submits it as any other form.
// When the payer changes the amount, the page may tell the frame what to show by posting
// { type: "paidup:amount", shown: "$50.00" }, and which kinds of methods it may take of those it was
// loaded for by { type: "paidup:kinds", kinds: ["card"] }.
// The paragraph is shown when the frame does not answer; other problems the frame shows itself.
const PATIENCE = 20000; // milliseconds

const waiting = new Map(); // form → timer

function frameOf(form) {
  return document.getElementById(form.dataset.hostedFormFor);
}

function originOf(frame) {
  return new URL(frame.src, location.href).origin;
}

function buttonsOf(form) {
  return [...form.elements].filter((element) => element.type === "submit");
}

function lock(form, locked) {
  for (const button of buttonsOf(form)) button.disabled = locked;
  form.ariaBusy = locked ? "true" : null;
}

function showProblem(form, shown) {
  const problem = form.querySelector("[data-hosted-form-problem]");
  if (problem) problem.hidden = !shown;
}

function stopWaiting(form) {
  clearTimeout(waiting.get(form));
  waiting.delete(form);
}

function giveUp(form) {
  stopWaiting(form);
  lock(form, false);
  showProblem(form, true);
}

function tell(frame, type) {
  frame.contentWindow.postMessage({ type }, originOf(frame));
}

function ask(form) {
  showProblem(form, false);
  lock(form, true);
  waiting.set(form, setTimeout(() => giveUp(form), PATIENCE));
  tell(frameOf(form), "paidup:tokenize");
}

function begin() {
  for (const form of document.querySelectorAll("[data-hosted-form-for]")) {
    form.elements.token.value = "";
    lock(form, false);
  }
}

// Before anyone else hears of it: a form without its token is not to be sent by any means.
document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (!form.matches("[data-hosted-form-for]") || form.elements.token.value) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!waiting.has(form)) ask(form);
  },
  true,
);

window.addEventListener("message", (event) => {
  for (const form of document.querySelectorAll("[data-hosted-form-for]")) {
    const frame = frameOf(form);
    if (event.source !== frame?.contentWindow || event.origin !== originOf(frame)) continue;
    const { type, token, height } = event.data ?? {};
    if (type === "sandbox:height") frame.height = height;
    if (!waiting.has(form)) continue;
    // It was asked before it could hear.
    if (type === "sandbox:ready") tell(frame, "paidup:tokenize");
    if (type === "sandbox:token") {
      stopWaiting(form);
      form.elements.token.value = token;
      form.requestSubmit();
    }
    if (type === "sandbox:problem") {
      stopWaiting(form);
      lock(form, false);
    }
  }
});

begin();

// A page that the browser kept and shows again (Back) would send the token that is used up.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) begin();
});

// A frame that was there first has told its height already.
for (const frame of document.querySelectorAll("iframe[data-hosted-form]")) {
  tell(frame, "paidup:measure");
}
