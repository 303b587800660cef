// One menu for all rows: its entries lead below the address of the row whose button opens it.
"use strict";

document.addEventListener("click", (event) => {
  const button = event.target.closest("tr[data-address] [popovertarget]");
  if (!button) return;
  const { address } = button.closest("tr").dataset;
  const menu = document.getElementById(button.getAttribute("popovertarget"));
  for (const entry of menu.querySelectorAll("[data-below]")) {
    entry.href = address + entry.dataset.below;
    if (entry.hasAttribute("hx-get")) entry.setAttribute("hx-get", entry.getAttribute("href"));
  }
});
