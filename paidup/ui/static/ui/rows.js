// One menu for all rows: its entries lead below the address of the row whose button opens it.
// A row expands: what stands below its address is put below the row, and taken away again.
"use strict";

document.addEventListener("click", (event) => {
  const button = event.target.closest("tr[data-address] [popovertarget]");
  if (!button) return;
  const { address } = button.closest("tr").dataset;
  const menu = document.getElementById(button.getAttribute("popovertarget"));
  for (const entry of menu.querySelectorAll("[data-below]")) {
    const url = address + entry.dataset.below;
    entry.setAttribute(entry.matches("form") ? "action" : "href", url);
    for (const verb of ["hx-get", "hx-post"]) {
      if (entry.hasAttribute(verb)) entry.setAttribute(verb, url);
    }
  }
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("tr[data-address] [data-expands]");
  if (!button) return;
  const row = button.closest("tr");
  const isOpen = button.getAttribute("aria-expanded") === "true";
  button.setAttribute("aria-expanded", String(!isOpen));
  if (isOpen) {
    row.parentElement.querySelector(`tr.inner[data-of="${row.dataset.address}"]`)?.remove();
    return;
  }
  const address = row.dataset.address + button.dataset.expands + location.search;
  await htmx.ajax("GET", address, { source: button, target: row, swap: "afterend" });
});
