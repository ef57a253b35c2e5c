// What the staff's pages need beside htmx and console.js. No inline scripts: the page's policy forbids them.
"use strict";

(() => {
  const insert = (text) => {
    const field = document.querySelector("[data-answer]");
    if (!field || !text) return;
    const before = field.value.slice(0, field.selectionStart).trimEnd();
    const after = field.value.slice(field.selectionEnd).trimStart();
    field.value = [before, text, after].filter(Boolean).join("\n\n");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  };

  document.addEventListener("click", (event) => {
    const pressed = event.target.closest("button");
    if (!pressed) return;
    if ("insert" in pressed.dataset) insert(document.querySelector("[data-fact]")?.textContent);
    if ("print" in pressed.dataset) print();
    if (pressed.dataset.pick) {
      const teach = document.querySelector("[data-teach]");
      if (!teach) return;
      teach.open = true;
      teach.querySelector("[name=code]").value = pressed.dataset.pick;
      teach.querySelector("[name=text]").focus();
    }
  });

  document.addEventListener("change", (event) => {
    if (!("canned" in (event.target.dataset ?? {}))) return;
    insert(event.target.value);
    event.target.value = "";
  });

  // What is typed as an answer is still there after the page's other buttons: taking over, teaching, a FAQ.
  const answer = document.querySelector("[data-answer]");
  if (answer) {
    const key = answer.form.action;
    const kept = sessionStorage.getItem(key);
    sessionStorage.removeItem(key);
    if (kept && !answer.value) {
      answer.value = kept;
      answer.dispatchEvent(new Event("input", { bubbles: true }));
    }
    document.addEventListener("submit", (event) => {
      if ("keepsAnswer" in event.target.dataset && answer.value) sessionStorage.setItem(key, answer.value);
    });
  }

  // The latest message is what one wants to see; whoever has scrolled up is left where he reads.
  const bottom = () => {
    const talk = document.querySelector(".talk");
    if (talk) talk.scrollTop = talk.scrollHeight;
  };
  let follows = true;
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.target.id !== "talk") return;
    const talk = document.querySelector(".talk");
    follows = !talk || talk.scrollHeight - talk.scrollTop - talk.clientHeight < 40;
  });
  document.addEventListener("htmx:afterSwap", (event) => { if (event.target.id === "talk" && follows) bottom(); });
  bottom();
})();
