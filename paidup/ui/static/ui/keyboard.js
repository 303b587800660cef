// The keyboard: / searches, j and k walk the rows, ? shows everything, and [data-key] elements answer to their key.
"use strict";

(() => {
  const HALF_TYPED_FOR = 1200;
  const SWITCH = "paidup-shortcuts";
  const help = document.getElementById("help");
  let typed = "";
  let typedAt = 0;

  const isOn = () => localStorage.getItem(SWITCH) !== "off";
  const isWriting = (element) =>
    element.isContentEditable || element.matches("textarea, select, input:not([type=checkbox], [type=radio])");
  const links = () => [...document.querySelectorAll("tr[data-row] .row-link")];
  const currentLink = () => document.activeElement.closest("tr[data-row]")?.querySelector(".row-link");

  function move(step) {
    const all = links();
    const here = all.indexOf(currentLink());
    const next = all[Math.max(0, Math.min(all.length - 1, here + step))];
    if (!next) return;
    next.focus({ focusVisible: true, preventScroll: true });
    const row = next.closest("tr");
    row.scrollIntoView({ block: "nearest" });
    if (document.getElementById("panel")?.matches(":popover-open")) peek(row);
  }

  function peek(row) {
    if (row?.dataset.peek) row.dispatchEvent(new CustomEvent("paidup:peek", { bubbles: true }));
  }

  function search() {
    const field = document.querySelector("main [data-search]") ?? document.querySelector("[data-search]");
    field?.focus();
    field?.select();
  }

  const row = () => currentLink()?.closest("tr");
  const KEYS = {
    "/": search,
    "?": () => help?.showModal(),
    j: () => move(1),
    k: () => move(-1),
    e: () => row()?.querySelector("[data-expands]")?.click(),
    x: () => row()?.querySelector(".row-check")?.click(),
    " ": () => peek(row()),
  };

  // Keys of two strokes, such as g c, wait a moment for the second.
  function press(key) {
    const now = Date.now();
    const both = now - typedAt < HALF_TYPED_FOR ? `${typed} ${key}` : key;
    [typed, typedAt] = [key, now];
    const element =
      document.querySelector(`[data-key="${CSS.escape(both)}"]`) ?? document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (!element) return false;
    typed = "";
    // A moment later: htmx begins to listen after the page's scripts, and would miss a key pressed at once.
    setTimeout(() => element.click());
    return true;
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape") event.target.closest(".in-place")?.querySelector("[data-leaves]")?.click();
    if (isWriting(event.target)) return leave(event);
    if (document.querySelector("dialog:modal") || !isOn()) return;
    if (event.key === " " && !currentLink()) return;
    if (press(event.key) || KEYS[event.key]) {
      event.preventDefault();
      if (typed === event.key) KEYS[event.key]?.();
    }
  });

  // From the search field, the arrow leads into what it found, and Esc back to the page.
  function leave(event) {
    if (!event.target.matches("[data-search]")) return;
    if (event.key === "ArrowDown" && links().length) {
      event.preventDefault();
      event.target.blur();
      move(1);
    }
    if (event.key === "Escape" && !event.target.value) event.target.blur();
  }

  // A click on a row, beside its links and boxes, shows it in the quick panel.
  document.addEventListener("click", (event) => {
    const hit = event.target.closest("tr[data-peek]");
    if (!hit || event.target.closest("a, button, input, label, [popover]") || String(getSelection())) return;
    hit.querySelector(".row-link")?.focus({ focusVisible: false, preventScroll: true });
    peek(hit);
  });

  // The help names the keys of this very page.
  help?.addEventListener("toggle", (event) => {
    if (event.newState !== "open") return;
    const list = document.getElementById("shortcuts");
    list.querySelectorAll("[data-found]").forEach((found) => found.remove());
    for (const element of document.querySelectorAll("[data-key]")) {
      const line = document.getElementById("shortcut").content.firstElementChild.cloneNode(true);
      line.dataset.found = "";
      line.querySelector("dt").textContent = element.getAttribute("aria-label") ?? element.textContent.trim();
      for (const key of element.dataset.key.split(" ")) {
        const cap = document.createElement("kbd");
        cap.textContent = key;
        line.querySelector("dd").append(cap);
      }
      list.append(line);
    }
  });

  const choice = document.getElementById("use-shortcuts");
  if (choice) {
    choice.checked = isOn();
    choice.addEventListener("change", () => localStorage.setItem(SWITCH, choice.checked ? "on" : "off"));
  }
})();
