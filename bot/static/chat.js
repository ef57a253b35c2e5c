// The plain chat page: sends what is typed to the chat API and shows the replies.
"use strict";

const messages = document.getElementById("messages");
const form = document.getElementById("form");
const field = document.getElementById("text");
const send = form.querySelector("button");
const status = document.getElementById("status");
const STORE = "motcua.conversation";
const ADDRESS = /(https?:\/\/[^\s]+[^\s.,;)])/;

function stored() {
  try { return sessionStorage.getItem(STORE); } catch { return null; }
}

function store(id) {
  try { sessionStorage.setItem(STORE, id); } catch { /* private window: the page still works */ }
}

function show(text, mine, buttons = []) {
  const item = document.createElement("li");
  item.className = `message ${mine ? "me" : "bot"}`;
  const who = document.createElement("span");
  who.className = "who";
  who.textContent = mine ? "Bạn: " : "Trợ lý: ";
  item.append(who, ...withLinks(text));
  if (buttons.length) item.append(buttonRow(buttons));
  messages.append(item);
  item.scrollIntoView({ block: mine ? "end" : "start" });
}

function withLinks(text) {
  return text.split(ADDRESS).map((part) => {
    if (!ADDRESS.test(part)) return part;
    const link = document.createElement("a");
    link.href = part;
    link.rel = "noopener noreferrer";
    link.target = "_blank";
    link.textContent = "trang thủ tục trên Cổng Dịch vụ công quốc gia";
    return link;
  });
}

function buttonRow(buttons) {
  const row = document.createElement("div");
  row.className = "buttons";
  for (const { title, payload } of buttons) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = title;
    button.addEventListener("click", () => ask(payload, title));
    row.append(button);
  }
  return row;
}

async function ask(text, shown = text) {
  if (send.disabled) return;
  send.disabled = true;
  show(shown, true);
  status.textContent = "Đang tìm câu trả lời …";
  try {
    const response = await fetch("/api/chat", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ conversation_id: stored(), text }),
    });
    const content = await response.json();
    if (!response.ok) throw new Error(content.error);
    store(content.conversation_id);
    for (const reply of content.replies) show(reply.text, false, reply.buttons);
    status.textContent = "";
  } catch (error) {
    status.textContent = "Chưa gửi được câu hỏi. Kiểm tra mạng rồi bấm Gửi lại.";
    if (!field.value) field.value = shown;
  } finally {
    send.disabled = false;
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = field.value.trim();
  if (!text || send.disabled) return;
  field.value = "";
  ask(text);
});

field.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});

show("Xin chào! Bạn cần làm giấy tờ gì? Cứ hỏi bằng lời thường ngày, có dấu hay không dấu đều được.", false, [
  { title: "Làm giấy khai sinh cho con", payload: "làm giấy khai sinh cho con" },
  { title: "Đăng ký tạm trú", payload: "đăng ký tạm trú" },
  { title: "Chứng thực bản sao", payload: "chứng thực bản sao" },
]);
field.focus();
