// Dialogs, menus, the quick panel, toasts and questions.
"use strict";

(() => {
  const dialog = document.getElementById("dialog");
  const panel = document.getElementById("panel");
  const toasts = document.getElementById("toasts");
  const words = document.getElementById("words")?.dataset ?? {};
  const SHOWN_FOR = 6000;

  // Dialogs. htmx fills #dialog; it opens when there is something in it.
  function openDialog(element) {
    if (!element.open) element.showModal();
    if (element.querySelector("[data-typed]")) element.dataset.touched = "";
    const first = element.querySelector("[autofocus]") ?? element.querySelector("input:not([type=hidden]), select, textarea");
    first?.focus();
  }

  document.addEventListener("htmx:after:swap", (event) => {
    if (event.detail.ctx.target === dialog && dialog.childElementCount) openDialog(dialog);
    if (event.detail.ctx.target === panel && panel.childElementCount) panel.showPopover();
  });

  dialog?.addEventListener("close", () => {
    dialog.replaceChildren();
    delete dialog.dataset.touched;
  });

  dialog?.addEventListener("input", () => (dialog.dataset.touched = ""));

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) openDialog(document.getElementById(opener.dataset.opens));
    if (event.target.closest("[data-closes]")) {
      leave(event.target.closest("dialog"));
      event.target.closest("[popover]")?.hidePopover();
    }
  });

  // What was written and not sent is thrown away only by whoever says so.
  function leave(element) {
    const unsent = element?.querySelector("[data-unsent]");
    if (!unsent || !("touched" in element.dataset)) return element?.close();
    ask(unsent.dataset.unsent, () => element.close());
  }

  dialog?.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || !("touched" in dialog.dataset)) return;
    if (!dialog.querySelector("[data-unsent]")) return;
    event.preventDefault();
    leave(dialog);
  });

  dialog?.addEventListener("cancel", (event) => {
    if (!("touched" in dialog.dataset) || !dialog.querySelector("[data-unsent]")) return;
    event.preventDefault();
    leave(dialog);
  });

  // A press beside a dialog closes it, unless something was typed into it.
  document.addEventListener("pointerdown", (event) => {
    const open = event.target;
    if (open.tagName !== "DIALOG" || "touched" in open.dataset) return;
    const box = open.getBoundingClientRect();
    const isInside =
      event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!isInside) open.close();
  });

  // Menus stand below their button, or above it where there is no room.
  function place(menu, button) {
    const at = button.getBoundingClientRect();
    const size = menu.getBoundingClientRect();
    const fitsBelow = innerHeight - at.bottom > size.height + 8 || at.top < innerHeight - at.bottom;
    const left = at.left + at.width / 2 > innerWidth / 2 ? at.right - size.width : at.left;
    menu.style.inset = "auto";
    menu.style.left = `${Math.max(8, Math.min(left, innerWidth - size.width - 8))}px`;
    menu.style.top = `${fitsBelow ? at.bottom + 4 : Math.max(8, at.top - size.height - 4)}px`;
  }

  // Several buttons may open one menu: the one that was pressed, where the browser doesn't say which.
  let pressed = null;
  document.addEventListener("click", (event) => (pressed = event.target.closest("[popovertarget]")), true);

  function opener(menu) {
    const selector = `[popovertarget="${menu.id}"]`;
    return pressed?.matches(selector) ? pressed : document.querySelector(selector);
  }

  function choices(menu) {
    return [...menu.querySelectorAll("a, button, input")].filter((item) => !item.disabled);
  }

  document.addEventListener(
    "toggle",
    (event) => {
      const menu = event.target;
      if (!menu.matches?.(".menu")) return;
      const button = event.source ?? opener(menu);
      const isOpen = event.newState === "open";
      button?.setAttribute("aria-expanded", String(isOpen));
      if (!isOpen || !button) return;
      place(menu, button);
      if (button.matches(":focus-visible")) choices(menu)[0]?.focus();
    },
    true,
  );

  document.addEventListener("keydown", (event) => {
    const menu = event.target.closest?.(".menu:popover-open") ?? document.querySelector(".menu:popover-open");
    if (event.target.matches?.("select")) return; // walks its own choices
    if (!menu || !["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) return;
    event.preventDefault();
    const items = choices(menu);
    const here = items.indexOf(document.activeElement);
    const next = { ArrowDown: here + 1, ArrowUp: here - 1 + (here < 0 ? 1 : 0), Home: 0, End: -1 }[event.key];
    items.at(next % items.length)?.focus();
  });

  // In an open menu a letter leads to the next entry that begins with it, before it is anyone's key.
  document.addEventListener(
    "keydown",
    (event) => {
      const menu = document.querySelector(".menu:popover-open");
      const isTyped = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey;
      if (!menu || !isTyped || event.target.matches?.("input, select, textarea")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const items = choices(menu);
      const here = items.indexOf(document.activeElement);
      const letter = event.key.toLowerCase();
      const isMeant = (item) => item.textContent.trim().toLowerCase().startsWith(letter);
      [...items.slice(here + 1), ...items.slice(0, here + 1)].find(isMeant)?.focus();
    },
    true,
  );

  document.addEventListener("click", (event) => {
    const item = event.target.closest(".menu a, .menu button:not([role=radio])");
    item?.closest(".menu").hidePopover();
  });

  // The quick panel shows a row beside the list.
  panel?.addEventListener("toggle", (event) => {
    if (event.newState === "open") return;
    document.querySelector("tr.is-peeked")?.classList.remove("is-peeked");
    panel.replaceChildren();
  });

  document.addEventListener("paidup:peek", (event) => {
    const row = event.target;
    document.querySelector("tr.is-peeked")?.classList.remove("is-peeked");
    row.classList.add("is-peeked");
    htmx.ajax("GET", row.dataset.peek, { source: row, target: "#panel", swap: "innerHTML" });
  });

  // Toasts. Good news goes by itself; trouble stays until it is dismissed.
  function arrive(toast) {
    // Only the top layer is seen while a dialog is open.
    if (document.querySelector("dialog:modal") && !toasts.matches(":popover-open")) {
      toasts.popover = "manual";
      toasts.showPopover();
    }
    if (toast.matches(".bubble-error, .bubble-warning")) return;
    setTimeout(() => toast.remove(), Number(toast.dataset.shownFor ?? SHOWN_FOR));
  }

  function say(text, tone) {
    const toast = document.getElementById("toast").content.firstElementChild.cloneNode(true);
    toast.classList.add(`bubble-${tone}`);
    toast.querySelector("p").textContent = text;
    toasts.append(toast);
  }

  if (toasts) {
    [...toasts.children].forEach(arrive);
    new MutationObserver((changes) => {
      for (const change of changes) {
        for (const node of change.addedNodes) if (node.matches?.("[data-toast]")) arrive(node);
      }
      if (!toasts.childElementCount && toasts.popover) {
        toasts.hidePopover();
        toasts.popover = null;
      }
    }).observe(toasts, { childList: true });
  }

  document.addEventListener("toast", (event) => say(event.detail.text, event.detail.tone ?? "success"));

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-dismiss]")) event.target.closest("[data-toast]").remove();
  });

  // What could be undone was: its toast has nothing to offer any more.
  document.addEventListener("htmx:finally:request", (event) => {
    event.detail.ctx.sourceElement.closest?.("[data-toast]")?.remove();
  });

  // What the server refused, it says in its own words.
  document.addEventListener("htmx:response:error", (event) => {
    const { response, text } = event.detail.ctx;
    if (response.status === 422) return;
    const page = new DOMParser().parseFromString(text, "text/html");
    say(page.querySelector("[data-refusal]")?.textContent.trim() || words.failed, "error");
  });

  document.addEventListener("htmx:error", (event) => {
    if (event.detail.error instanceof TypeError) say(words.unreachable, "error");
  });

  // Questions are asked in a dialog of ours, also those of hx-confirm.
  function ask(question, yes, no = () => {}) {
    const asking = document.getElementById("ask");
    asking.querySelector("[data-question]").textContent = question;
    asking.returnValue = "";
    asking.addEventListener("close", () => (asking.returnValue ? yes() : no()), { once: true });
    asking.showModal();
  }

  document.addEventListener("ask", (event) => ask(event.detail.question, event.detail.yes, event.detail.no));

  document.addEventListener("htmx:confirm", (event) => {
    const { ctx, issueRequest, dropRequest } = event.detail;
    event.preventDefault();
    ask(ctx.confirm, issueRequest, dropRequest);
  });
})();
