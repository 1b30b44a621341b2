"use strict";

// A meeting on several phones. The shared part (#live) is swapped whenever somebody has changed something: what is
// being typed, chosen and opened in it stays. Without a line a banner says so; what was pressed goes out when it is back.
const banner = document.getElementById("no-line");
const waiting = new Map(); // the ids of forms that found no line, with the button that was pressed
let kept = null;

const fieldsOf = (form) => [...form.elements].filter((field) => field.name && field.type !== "hidden" && !field.matches("button"));
const isTouched = (field) => (field.matches("select") ? ![...field.options].every((option) => option.selected === option.defaultSelected) : field.value !== field.defaultValue);

// The page stands still around what is looked at: the first of these that is still there afterwards keeps its place.
const placeIn = (live) =>
  [...live.querySelectorAll("section[id], li[id], form[id]")]
    .map((each) => [each.id, each.getBoundingClientRect()])
    .filter(([, box]) => box.height && box.bottom > 0 && box.top < innerHeight)
    .map(([id, box]) => [id, box.top]);

const keepPlace = (then) => {
  for (const [id, top] of then.place) {
    const box = document.getElementById(id)?.getBoundingClientRect();
    if (box?.height) return scrollBy({ top: box.top - top, behavior: "instant" });
  }
};

// Where the keyboard goes when its button has gone: its item, the same button of the next one, or the heading above.
const nearbyOf = (live, active) => {
  const kind = active.id.replace(/\d+(-press)?$/, "");
  const same = kind && kind !== active.id ? [...live.querySelectorAll(`button[id^="${CSS.escape(kind)}"]`)] : [];
  const place = same.indexOf(active);
  const heading = active.closest("section")?.getAttribute("aria-labelledby");
  const own = active.closest("li[id]")?.querySelector("details[id]")?.id;
  return [own, ...[...same.slice(place + 1), ...same.slice(0, Math.max(0, place)).reverse()].map((each) => each.id), heading].filter(Boolean);
};

const remember = (live, sent) => {
  const active = document.activeElement;
  const fields = [];
  for (const form of live.querySelectorAll("form[id]")) {
    for (const field of fieldsOf(form)) {
      const isSent = sent && sent.form === form.id && sent.values.get(field.name) === field.value;
      if (isTouched(field) && !isSent) fields.push([form.id, field.name, field.value]);
    }
  }
  const isIn = live.contains(active);
  const shut = sent && document.getElementById(sent.form)?.closest("details[data-shuts]");
  return {
    fields,
    place: placeIn(live),
    nearby: isIn ? nearbyOf(live, active) : [],
    // What is asked below the shared part comes anew with it.
    open: [...document.querySelectorAll("#live details[open][id], #ending details[open][id]")].filter((each) => each !== shut).map((each) => each.id),
    // Folded by hand, though it comes open.
    folded: [...live.querySelectorAll("details:not([open])[id]")].map((each) => each.id),
    // The field or button that has the keyboard; fields without an id are found by their form.
    focus: isIn ? [active.id, active.form && active.form.id, active.name] : null,
    caret: isIn && active.matches("textarea, input[type=text]") ? [active.selectionStart, active.selectionEnd] : null,
  };
};

const giveBackTo = (live, then) => {
  for (const id of then.open) {
    const details = document.getElementById(id);
    if (details) details.open = true;
  }
  for (const [id, name, value] of then.fields) {
    const form = document.getElementById(id);
    if (form && form.elements[name]) form.elements[name].value = value;
  }
  for (const id of then.folded) {
    const details = document.getElementById(id);
    if (details) details.open = false;
  }
  giveFocus(live, then);
  keepPlace(then);
};

const giveFocus = (live, then) => {
  if (!then.focus) return;
  const [id, formId, name] = then.focus;
  const form = formId && document.getElementById(formId);
  const field = (id && document.getElementById(id)) || (form && name && form.elements[name]);
  if (field && live.contains(field) && field.focus) {
    field.focus({ preventScroll: true });
    if (then.caret) field.setSelectionRange(...then.caret);
    return;
  }
  const next = then.nearby.map((each) => document.getElementById(each)).find((each) => each && live.contains(each) && each.getClientRects().length);
  if (next) (next.querySelector(":scope > summary") || next).focus({ preventScroll: true });
};

document.addEventListener("htmx:beforeSwap", (event) => {
  const { target, requestConfig } = event.detail;
  if (target.id !== "live" || !target.isConnected) return;
  kept = remember(target, requestConfig.verb === "post" ? { form: requestConfig.elt.id, values: requestConfig.formData } : null);
});

document.addEventListener("htmx:afterSwap", () => {
  const live = document.getElementById("live");
  if (live && kept) giveBackTo(live, kept);
  kept = null;
  tick();
});

document.addEventListener("htmx:afterRequest", (event) => {
  const { requestConfig, successful } = event.detail;
  const { elt } = requestConfig;
  if (!successful) return;
  if (banner) banner.hidden = true;
  if (elt.matches("form")) waiting.delete(elt.id);
  else if (waiting.size) setTimeout(sendWaiting, 100); // htmx takes new forms over 20 ms after they came
});

// What a form may not take is said in it; what is typed stays.
document.addEventListener("htmx:responseError", (event) => {
  const { requestConfig, xhr } = event.detail;
  const said = xhr.status === 422 && requestConfig.elt.querySelector("[data-wrong]");
  if (!said) return;
  said.textContent = xhr.responseText;
  said.hidden = false;
});

document.addEventListener("htmx:sendError", (event) => {
  const { elt, triggeringEvent } = event.detail.requestConfig;
  if (banner) banner.hidden = false;
  if (elt.matches("form[id]")) waiting.set(elt.id, triggeringEvent && triggeringEvent.submitter ? triggeringEvent.submitter.id : "");
});

// Every press says what it has seen, so that one that has arrived without our knowing does nothing the second time.
const sendWaiting = () => {
  for (const [id, button] of waiting) {
    waiting.delete(id);
    const form = document.getElementById(id);
    const pressed = button && document.getElementById(button);
    if (form && pressed) pressed.click(); // htmx knows a button's value by its click only
    else if (form) form.requestSubmit();
  }
};

// The clock: counted from the server's time, so that a phone whose clock is wrong shows the same.
const tick = () => {
  const clock = document.querySelector(".wins-timer");
  if (!clock) return;
  if (!clock.dataset.offset) clock.dataset.offset = Number(clock.dataset.now) - Date.now() / 1000;
  const seconds = Date.now() / 1000 + Number(clock.dataset.offset) - Number(clock.dataset.began);
  const gone = Math.max(0, Math.floor(seconds / 60));
  const number = clock.querySelector("[data-gone]");
  if (number.textContent !== String(gone)) number.textContent = gone;
  clock.querySelector("progress").value = seconds / 60;
};
tick();
setInterval(tick, 5000);
