// After a to-do is decided, the next one takes its place: the row of the same number, shown beside the list again.
const KEPT = "paidup-todo";
const rows = () => [...document.querySelectorAll("tr[data-peek]")];

function keep() {
  const at = rows().findIndex((row) => row.matches(".is-peeked"));
  if (at >= 0) sessionStorage.setItem(KEPT, String(at));
}

document.addEventListener("submit", (event) => {
  if (event.target.closest("#panel, #dialog")) keep();
});

const kept = sessionStorage.getItem(KEPT);
sessionStorage.removeItem(KEPT);
if (kept !== null) {
  const next = rows()[Math.min(Number(kept), rows().length - 1)];
  next?.querySelector(".row-link").focus({ focusVisible: true });
  next?.dispatchEvent(new CustomEvent("paidup:peek", { bubbles: true }));
}
