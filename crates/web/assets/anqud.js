"use strict";
// Everything works without this file.

// Questions that depend on another question of their page come and go with its answer.
(() => {
  const dependent = [...document.querySelectorAll("[data-asked-by]")];
  if (!dependent.length) return;
  for (const question of dependent) question.querySelector(".perhaps")?.remove();

  const update = () => {
    // In the order of the page, so that what is hidden hides what depends on it.
    for (const question of dependent) {
      const form = question.closest("form");
      const name = question.dataset.askedBy;
      const control = form.elements.namedItem(name);
      const away = [control?.[0] ?? control].some((input) => input?.closest("[hidden]"));
      const answers = away ? [] : new FormData(form).getAll(name);
      const reveals = JSON.parse(question.dataset.askedFor);
      question.hidden = !answers.some((answer) => reveals.includes(answer));
    }
  };
  document.addEventListener("change", update);
  update();
})();

// An open menu closes with Escape, and when something else is chosen.
(() => {
  const close = (but) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (menu === but) continue;
      if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
      menu.open = false;
    }
  };
  document.addEventListener("click", (event) => close(event.target.closest?.("details.menu")));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
})();

// Keys for the desk: j and k move, Enter opens, x selects.
(() => {
  const table = document.querySelector("table.desk");
  if (!table) return;
  const rows = [...table.querySelectorAll("tbody tr")];
  let at = -1;

  const go = (next) => {
    if (!rows.length) return;
    rows[at]?.classList.remove("here");
    at = Math.max(0, Math.min(rows.length - 1, next));
    const row = rows[at];
    row.classList.add("here");
    (row.querySelector("a[href]") ?? row).focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  };

  table.addEventListener("focusin", (event) => {
    const found = rows.indexOf(event.target.closest("tbody tr"));
    if (found < 0) return;
    rows[at]?.classList.remove("here");
    at = found;
    rows[at].classList.add("here");
  });

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const on = event.target;
    const typing = on.closest?.("textarea, select, [contenteditable], input:not([type=checkbox])");
    if (typing) return;
    // By place on the keyboard too, so that j, k and x work with an Arabic layout.
    const key = event.code === "KeyJ" ? "j" : event.code === "KeyK" ? "k" : event.code === "KeyX" ? "x" : event.key;
    if (key === "j") go(at + 1);
    else if (key === "k") go(at < 0 ? 0 : at - 1);
    else if (key === "x" && at >= 0) rows[at].querySelector("input[type=checkbox]")?.click();
    else if (key === "Enter" && at >= 0 && !on.closest?.("a, button, summary, label")) {
      rows[at].querySelector("a[href]")?.click();
    } else return;
    event.preventDefault();
  });
})();

// A slider says its value while it moves; without this file it says it when the form is sent.
(() => {
  "use strict";
  for (const slider of document.querySelectorAll("input[type=range]")) {
    const shown = document.querySelector(`output[for="${slider.id}"] bdi`);
    if (!shown) continue;
    const unit = shown.textContent.trim().replace(/^[\d,.]+/, "");
    slider.addEventListener("input", () => {
      shown.textContent = Number(slider.value).toLocaleString("en") + unit;
    });
  }
})();
