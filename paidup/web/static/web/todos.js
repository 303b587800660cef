// After a to-do is decided, the next one takes its place: the row of the same number, shown beside the list again.
const KEPT = "paidup-todo";
const rows = () => [...document.querySelectorAll("tr[data-peek]")];
let shown = -1; // a dialog closes the panel, so the row that was beside it is remembered here

document.addEventListener("paidup:peek", (event) => {
  shown = rows().indexOf(event.target);
});

document.addEventListener("submit", (event) => {
  if (shown >= 0 && event.target.closest("#panel, #dialog")) sessionStorage.setItem(KEPT, String(shown));
});

const kept = sessionStorage.getItem(KEPT);
sessionStorage.removeItem(KEPT);
if (kept !== null) {
  const next = rows()[Math.min(Number(kept), rows().length - 1)];
  next?.querySelector(".row-link").focus({ focusVisible: true });
  next?.dispatchEvent(new CustomEvent("paidup:peek", { bubbles: true }));
}
