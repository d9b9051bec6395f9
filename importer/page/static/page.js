// Extras: live progress, and files dropped on the page. Every step works without this script.
"use strict";

function follow(card) {
  const find = (name) => card.querySelector(`[data-${name}]`);
  const bar = find("progress");
  const number = (value) => value.toLocaleString("en-US");
  const source = new EventSource(card.dataset.events);
  source.addEventListener("message", (message) => {
    const told = JSON.parse(message.data);
    find("stage").textContent = told.stage || (told.check ? "Checking" : "Sending");
    if (told.total) {
      bar.max = told.total;
      bar.value = told.rows;
      find("figures").textContent = `${number(told.rows)} of ${number(told.total)} rows, ${number(told.sales)} sales` +
        (told.money ? `, ${told.money}` : "");
    }
    const rate = find("rate");
    if (rate && told.rate) {
      rate.textContent = `${number(told.rate)} rows a second` +
        (told.left === null ? "" : `, about ${number(Math.round(told.left))} s left`);
    }
    const waiting = find("waiting");
    if (waiting) waiting.textContent = told.waiting ? `Waiting ${Math.ceil(told.waiting)} s: ${told.why}` : "";
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
        told.textContent = `${field.files.length} chosen`;
      }
    });
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", (sent) => {
      if (sent.lengthComputable) told.textContent = `${Math.floor(100 * sent.loaded / sent.total)} % uploaded`;
    });
    request.addEventListener("load", () => {
      if (request.responseURL && new URL(request.responseURL).pathname !== "/imports") {
        location.assign(request.responseURL);
      } else {
        const answer = new DOMParser().parseFromString(request.responseText, "text/html").querySelector("[role=alert]");
        told.textContent = answer ? answer.textContent : "The upload was refused; open the page again.";
        told.setAttribute("role", "alert");
        cancel.hidden = true;
      }
    });
    request.addEventListener("error", () => { told.textContent = "The upload failed; is capi-import web still running?"; });
    request.addEventListener("abort", () => { told.textContent = "Cancelled."; cancel.hidden = true; });
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

document.querySelectorAll("[data-live]").forEach(live);
document.querySelectorAll("[data-events]").forEach((card) => card.dataset.events && follow(card));
document.querySelectorAll("[data-drop]").forEach(droppable);
