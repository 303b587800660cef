// The rest: theme, copying, typed confirmation, selection, and one submission per form.
"use strict";

(() => {
  const YEAR = 31536000;
  const READING = 800; // milliseconds
  const root = document.documentElement;
  const words = document.getElementById("words")?.dataset ?? {};
  const say = (text, tone) => document.dispatchEvent(new CustomEvent("toast", { detail: { text, tone } }));

  // The theme is kept in a cookie, so that the server answers with it and nothing flashes.
  function choose(button) {
    const theme = button.dataset.themeChoice;
    if (theme) root.dataset.bsTheme = theme;
    else delete root.dataset.bsTheme;
    document.cookie = `theme=${theme}; path=/; max-age=${theme ? YEAR : 0}; samesite=lax`;
    for (const other of document.querySelectorAll("[data-theme-choice]")) {
      other.setAttribute("aria-checked", String(other === button));
    }
  }

  async function copy(button) {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      say(words.copied, "success");
    } catch {
      say(words.notCopied, "warning");
    }
  }

  document.addEventListener("click", (event) => {
    const theme = event.target.closest("[data-theme-choice]");
    if (theme) choose(theme);
    const source = event.target.closest("[data-copy]");
    if (source) copy(source);
  });

  // The button of a typed confirmation waits for the words.
  function check(field) {
    field.form.querySelector("[type=submit]").disabled = field.value.trim() !== field.dataset.mustBe;
  }

  // A question stands where the button was: whoever presses twice has not read it yet.
  function waitForReader(part) {
    for (const button of part?.querySelectorAll?.("button[name=sure]") ?? []) {
      button.disabled = true;
      setTimeout(() => (button.disabled = false), READING);
    }
  }

  // On a phone the open tab may lie beyond the edge.
  function showTab() {
    for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
      tab.parentElement.scrollLeft = tab.offsetLeft - tab.parentElement.offsetLeft - 24;
    }
  }

  const checkAll = (part) => part.querySelectorAll?.("[data-must-be]").forEach(check);
  checkAll(document);
  waitForReader(document);
  showTab();
  document.addEventListener("htmx:after:swap", (event) => {
    checkAll(document);
    waitForReader(event.detail.ctx.target);
    showTab();
    const link = document.querySelector("#dialog [data-copy][data-at-once]");
    if (link) {
      delete link.dataset.atOnce;
      copy(link);
    }
  });

  // Selected rows: the bar appears, names their number, and the head's box follows.
  function count() {
    const bar = document.getElementById("batch");
    if (!bar) return;
    const boxes = [...document.querySelectorAll(".row-check")];
    const chosen = boxes.filter((box) => box.checked).length;
    bar.hidden = !chosen;
    bar.querySelector("[data-chosen]").textContent = chosen;
    chooseAll(bar, false);
    const all = document.querySelector("[data-checks-all]");
    all.checked = chosen > 0 && chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
  }

  // Beyond the page: all that the list asks for, until a box changes.
  function chooseAll(bar, isChosen) {
    const all = bar.querySelector("[data-all]");
    if (!all) return;
    all.disabled = !isChosen;
    const button = bar.querySelector("[data-chooses-all]");
    if (button) button.hidden = isChosen;
    if (isChosen) bar.querySelector("[data-chosen]").textContent = button.dataset.choosesAll;
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-chooses-all]");
    if (button) chooseAll(button.closest("form"), true);
  });

  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-must-be]")) check(event.target);
    if (event.target.matches("[data-checks-all]")) {
      for (const box of document.querySelectorAll(".row-check")) box.checked = event.target.checked;
    }
    if (event.target.matches(".row-check, [data-checks-all]")) count();
  });

  // A form is sent once, however often its button is pressed; the way back makes it ready again.
  // One that brings a file leaves the page as it is, and may be sent again.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.matches("[hx-post], [data-brings-file]") || event.defaultPrevented) return;
    if ("sent" in form.dataset) event.preventDefault();
    form.dataset.sent = "";
  });

  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
    count();
  });

  // What is not filtered does not stand in the address.
  document.addEventListener("htmx:config:request", (event) => {
    const { request, sourceElement } = event.detail.ctx;
    if (!sourceElement.matches("form.filters")) return;
    for (const [name, value] of [...request.body]) if (!value) request.body.delete(name);
  });

  // What was typed before htmx had begun is searched for as well.
  document.addEventListener("htmx:after:init", (event) => {
    const field = event.target.matches("form[role=search]") && event.target.querySelector("[type=search]");
    if (field && field.value !== field.defaultValue) field.dispatchEvent(new Event("input", { bubbles: true }));
  });

  document.addEventListener("htmx:before:request", () => root.classList.add("is-busy"));
  document.addEventListener("htmx:finally:request", () => root.classList.remove("is-busy"));
})();
