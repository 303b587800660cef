// The frame's side. The page around it asks for a token; the token goes to that page and no other.
const parentOrigin = document.body.dataset.parent || location.origin;
const amount = document.getElementById("amount");
const problem = document.getElementById("problem");

function answer(message) {
  window.parent.postMessage(message, parentOrigin);
}

function refuse(sentence) {
  problem.textContent = sentence;
  problem.hidden = false;
  answer({ type: "sandbox:problem", problem: sentence });
}

function tellHeight() {
  answer({ type: "sandbox:height", height: Math.ceil(document.body.offsetHeight) });
}

async function tokenize() {
  problem.hidden = true;
  const method = document.querySelector("input[name=method]:checked").value;
  try {
    const response = await fetch(document.body.dataset.tokens, {
      method: "POST",
      body: new URLSearchParams({ method }),
      credentials: "omit",
    });
    const made = await response.json();
    if (response.ok) {
      answer({ type: "sandbox:token", token: made.token, method: made.method });
    } else {
      refuse(made.problem);
    }
  } catch {
    refuse(document.body.dataset.problem);
  }
}

function offer(kinds) {
  for (const method of document.querySelectorAll(".method")) method.hidden = !kinds.includes(method.dataset.kind);
  const first = document.querySelector(".method:not([hidden]) input");
  if (first && document.querySelector("input[name=method]:checked").closest("[hidden]")) first.checked = true;
}

window.addEventListener("message", (event) => {
  const asked = event.source === window.parent && event.origin === parentOrigin;
  if (!asked) return;
  const { type, shown, kinds } = event.data ?? {};
  if (type === "paidup:tokenize") tokenize();
  if (type === "paidup:measure") tellHeight();
  if (type === "paidup:amount" && amount) amount.textContent = shown;
  if (type === "paidup:kinds" && kinds.length) offer(kinds);
});

answer({ type: "sandbox:ready" });
new ResizeObserver(tellHeight).observe(document.body);
