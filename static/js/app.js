"use strict";

// Dialogs: a button with data-opens="id" opens <dialog id="id">; one with data-closes shuts the dialog around it.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.opens);
    if (dialog) {
      event.preventDefault();
      dialog.showModal();
    }
    return;
  }
  if (event.target.closest("[data-closes]")) {
    event.target.closest("dialog").close();
  } else if (event.target.matches("dialog")) {
    const box = event.target.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) event.target.close();
  }
});

// Print buttons are there only where a script can print.
for (const button of document.querySelectorAll("[data-prints]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// Tabs that do not fit are scrolled sideways: begin where the open one is seen.
for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
  const list = tab.closest(".tabs");
  const [box, room] = [tab.getBoundingClientRect(), list.getBoundingClientRect()];
  list.scrollLeft += Math.max(0, box.right - room.right) + Math.min(0, box.left - room.left); // scrollIntoView would move the keyboard's place, too
}

// A form is sent once. The button stays in the tab order and keeps its name and value; a second press does nothing.
const isBusy = (form) => form.dataset.busy === "true";

const setBusy = (form, busy) => {
  if (busy) form.dataset.busy = "true";
  else delete form.dataset.busy;
  for (const button of form.querySelectorAll("button:not([type=button]), input[type=submit]")) {
    if (busy) button.setAttribute("aria-busy", "true");
    else button.removeAttribute("aria-busy");
  }
};

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (isBusy(form)) event.preventDefault();
  else if (!event.defaultPrevented) {
    setBusy(form, true);
    setTimeout(() => setBusy(form, false), 10000); // a form that answers with a file leaves this page standing
  }
});

// A number that a tap has brought is dialled by that tap: a telephone asks before it calls.
document.addEventListener("htmx:load", (event) => {
  const number = event.detail.elt.querySelector('a[href^="tel:"][autofocus]');
  if (number && matchMedia("(pointer: coarse)").matches) number.click();
});

// Words that are typed are kept until they are saved: a form with data-keeps="key" puts them into this tab's
// sessionStorage, and an empty one takes them back. Sent words stay until the next page thanks for them: what comes
// may as well be the log-in page, and after it the empty form.
const KEPT = "kept:";
const SENT = "sent-words";

const attempt = (work) => {
  try {
    return work();
  } catch {
    return null; // storage is switched off or full: then nothing is kept
  }
};

const wordsOf = (form) => [...form.elements].filter((field) => field.name && field.matches("textarea, input[type=text]"));

const keepWords = (form) => {
  const words = Object.fromEntries(wordsOf(form).map((field) => [field.name, field.value]));
  attempt(() => sessionStorage.setItem(KEPT + form.dataset.keeps, JSON.stringify(words)));
};

const giveBack = (form) => {
  const words = attempt(() => JSON.parse(sessionStorage.getItem(KEPT + form.dataset.keeps))) || {};
  for (const field of wordsOf(form)) if (!field.value && words[field.name]) field.value = words[field.name];
};

const sent = attempt(() => sessionStorage.getItem(SENT));
if (sent) {
  attempt(() => sessionStorage.removeItem(SENT));
  const thanked = document.querySelector(".messages .alert-success");
  if (thanked && !document.querySelector(`form[data-keeps="${CSS.escape(sent)}"]`)) attempt(() => sessionStorage.removeItem(KEPT + sent));
}
document.querySelectorAll("form[data-keeps]").forEach(giveBack);

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-keeps]");
  if (form) keepWords(form);
});

// By htmx, what has arrived need not be kept any more; a log-in page that has to come first brings it back later.
document.addEventListener("htmx:afterRequest", (event) => {
  const { requestConfig, successful, xhr } = event.detail;
  const { keeps } = requestConfig.elt.dataset;
  if (keeps && successful && !xhr.getResponseHeader("HX-Redirect")) attempt(() => sessionStorage.removeItem(KEPT + keeps));
});

document.addEventListener("submit", (event) => {
  const key = event.target.dataset.keeps;
  if (key && !event.defaultPrevented) attempt(() => sessionStorage.setItem(SENT, key));
});

// Back in the browser shows the page as it was left: make its forms usable again.
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-busy]").forEach((form) => setBusy(form, false));
});

if ("serviceWorker" in navigator && window.isSecureContext && document.body.dataset.worker) {
  navigator.serviceWorker.register(document.body.dataset.worker);
}
