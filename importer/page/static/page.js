// Extras: live progress, and files dropped on the page. Every step works without this script.
"use strict";

const words = JSON.parse(document.body.dataset.words);
const number = (value) => value.toLocaleString(words.language);
const say = (word, told = {}) => words[word].replace(/\{(\w+)\}/g, (_, name) => told[name]);

function follow(card) {
  const find = (name) => card.querySelector(`[data-${name}]`);
  const bar = find("progress");
  const source = new EventSource(card.dataset.events);
  source.addEventListener("message", (message) => {
    const told = JSON.parse(message.data);
    find("stage").textContent = told.stage || say(told.check ? "checking" : "sending");
    if (told.total) {
      bar.max = told.total;
      bar.value = told.rows;
      find("figures").textContent = [
        say("rows", { rows: number(told.rows), total: number(told.total) }),
        say("sales", { sales: number(told.sales) }),
        told.money,
      ].filter(Boolean).join(", ");
    }
    const rate = find("rate");
    if (rate && told.rate) {
      rate.textContent = [
        say("rate", { rate: number(told.rate) }),
        told.left === null ? "" : say("left", { seconds: number(Math.round(told.left)) }),
      ].filter(Boolean).join(", ");
    }
    const waiting = find("waiting");
    if (waiting) waiting.textContent = told.waiting ? `${say("waiting", { seconds: Math.ceil(told.waiting) })} ${told.why}` : "";
  });
  source.addEventListener("over", () => { source.close(); location.reload(); });
  source.addEventListener("error", () => { source.close(); setTimeout(() => location.reload(), 2000); });
}

function droppable(form) {
  const field = form.querySelector("#files");
  const area = form.querySelector(".drop");
  const told = form.querySelector("[data-uploaded]");
  const cancel = form.querySelector("[data-cancel]");
  for (const name of ["dragover", "drop", "dragleave"]) {
    area.addEventListener(name, (event) => {
      event.preventDefault();
      area.classList.toggle("over", name === "dragover");
      if (name === "drop" && event.dataTransfer.files.length) {
        field.files = event.dataTransfer.files;
        told.textContent = say("chosen", { count: field.files.length });
      }
    });
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", (sent) => {
      if (sent.lengthComputable) told.textContent = say("uploaded", { share: Math.floor(100 * sent.loaded / sent.total) });
    });
    request.addEventListener("load", () => {
      if (request.responseURL && new URL(request.responseURL).pathname !== "/imports") {
        location.assign(request.responseURL);
      } else {
        const answer = new DOMParser().parseFromString(request.responseText, "text/html").querySelector("[role=alert]");
        told.textContent = answer ? answer.textContent : say("refused");
        told.setAttribute("role", "alert");
        cancel.hidden = true;
      }
    });
    request.addEventListener("error", () => { told.textContent = say("failed"); });
    request.addEventListener("abort", () => { told.textContent = say("cancelled"); cancel.hidden = true; });
    cancel.hidden = false;
    cancel.onclick = () => request.abort();
    request.open("POST", form.action);
    request.send(new FormData(form));
  });
}

function live(form) {
  let timer = 0;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const fields = new FormData(form);
      fields.delete("token");
      const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(fields) });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      document.querySelector("[data-answer]").replaceChildren(...page.querySelector("[data-answer]").childNodes);
    }, 400);
  });
}

function tried(form) {
  let asking = new AbortController();
  form.addEventListener("change", async () => {
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    try {
      const answer = await fetch(form.dataset.try, { method: "POST", body: new URLSearchParams(new FormData(form)), signal });
      if (answer.status !== 200) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!signal.aborted) form.querySelector("[data-tried]").replaceChildren(...page.body.childNodes);
    } catch (error) {
      if (error.name !== "AbortError" && !(error instanceof TypeError)) throw error;  // given up, or the page has ended
    }
  });
}

document.querySelectorAll("[data-try]").forEach(tried);
document.querySelectorAll("[data-live]").forEach(live);
document.querySelectorAll("[data-events]").forEach((card) => card.dataset.events && follow(card));
document.querySelectorAll("[data-drop]").forEach(droppable);
