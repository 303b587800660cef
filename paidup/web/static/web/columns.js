// The columns of a list, put in order by dragging or by their arrows. They are sent as they stand.
const listOf = (target) => target.closest?.("[data-arranged]");
let dragged = null;

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-moves]");
  if (!button || !listOf(button)) return;
  const row = button.closest("li");
  if (button.dataset.moves === "up") row.previousElementSibling?.before(row);
  else row.nextElementSibling?.after(row);
  button.focus();
});

document.addEventListener("dragstart", (event) => {
  if (listOf(event.target)) dragged = event.target.closest("li");
});

document.addEventListener("dragover", (event) => {
  const row = dragged && event.target.closest?.("li");
  if (!row || listOf(row) !== listOf(dragged)) return;
  event.preventDefault();
  const box = row.getBoundingClientRect();
  if (event.clientY < box.top + box.height / 2) row.before(dragged);
  else row.after(dragged);
});

document.addEventListener("dragend", () => (dragged = null));
