// What the consoles need beside htmx. No inline scripts: the page's policy forbids them.
"use strict";

(() => {
  // A menu that is folded on phones is open where there is room.
  const wide = matchMedia("(min-width: 64rem)");
  const fold = () => document.querySelectorAll("[data-menu]").forEach((menu) => { menu.open = wide.matches; });
  wide.addEventListener("change", fold);
  fold();

  // Ask before a deed that is hard to take back: <form data-confirm="…"> or <button data-confirm="…">.
  document.addEventListener("submit", (event) => {
    const asker = event.submitter?.dataset.confirm ? event.submitter : event.target;
    if (asker.dataset?.confirm && !confirm(asker.dataset.confirm)) event.preventDefault();
  });

  // Leaving a form with typed text: <form data-guard>.
  let typed = Boolean(document.querySelector("form[data-guard=dirty]"));
  document.addEventListener("input", (event) => { if (event.target.closest("form[data-guard]")) typed = true; });
  document.addEventListener("submit", (event) => { if (!event.defaultPrevented) typed = false; });
  addEventListener("beforeunload", (event) => { if (typed) event.preventDefault(); });

  // One keystroke to the search: "/" anywhere, unless one is typing.
  document.addEventListener("keydown", (event) => {
    const field = document.querySelector("[data-search]");
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || !field || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    field.focus();
    field.select();
  });

  // What htmx brought as an error is shown too: a refusal says why.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if ([403, 409, 422, 429, 503].includes(event.detail.xhr.status)) event.detail.shouldSwap = true;
  });
  document.addEventListener("htmx:sendError", () => {
    const said = document.getElementById("said");
    if (said) said.textContent = "Mất kết nối với máy chủ. Xin thử lại.";
  });
})();
