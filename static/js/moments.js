"use strict";

// The page on which a moment is logged. Without this script it works by its buttons, one page after the other.
{
  const form = document.querySelector("form[data-moment]");
  const owner = form.dataset.keepsFor || "";
  const field = (name) => form.elements.namedItem(name);
  const part = (name) => form.querySelector(`[data-${name}]`);
  const PATIENCE = 20000; // milliseconds until a line that does not answer counts as none
  let busy = false;
  let editing = ""; // the key of a kept moment that is being put right

  const newKey = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  };

  // --- Choosing ---------------------------------------------------------------------------------------------------

  const buttonsOf = (name) => [...form.querySelectorAll(`button[name="set_${name}"]`)];
  const chosenButton = (name) => buttonsOf(name).find((button) => button.getAttribute("aria-pressed") === "true");

  const choose = (name, value) => {
    field(name).value = value;
    for (const button of buttonsOf(name)) button.setAttribute("aria-pressed", String(button.value === value));
  };

  // Whoever was found by typing joins the others, so that it is seen who is chosen.
  const bringUp = (button, name) => {
    const place = name === "whom" ? part("people") : part("introduced");
    const found = document.getElementById(name === "whom" ? "whom-found" : "introduced-found");
    if (!found.contains(button)) return;
    const there = [...place.querySelectorAll("button")].find((each) => each.value === button.value);
    if (!there) place.prepend(button);
    found.replaceChildren();
    (there || button).focus();
  };

  const typed = () => ["what", "cost", "introduced_whom"].some((name) => field(name).value.trim()) || [...form.querySelectorAll("input[type=file]")].some((input) => input.files.length);
  const hint = (words) => (part("hint").textContent = words);

  const tapped = (button) => {
    const name = button.name.slice(4);
    const again = button.getAttribute("aria-pressed") === "true";
    choose(name, again ? "" : button.value);
    if (!again) bringUp(button, name);
    if (name === "introduced") {
      if (!again) field("introduced_whom").value = button.querySelector("span").firstChild.textContent.trim();
      return;
    }
    if (name === "did" && button.dataset.cost && !again && !field("cost").value) {
      field("cost").value = button.dataset.cost;
      form.querySelector('[data-part="cost"]').open = true;
    }
    const [whom, did] = [field("whom").value, field("did").value];
    hint("");
    if (!("taps" in form.dataset) || again || typed()) return;
    if (whom && did) send();
    else hint(whom ? form.dataset.tapDid : form.dataset.tapWhom);
  };

  form.addEventListener("click", (event) => {
    const button = event.target.closest('button[name^="set_"]');
    if (!button) return;
    event.preventDefault();
    tapped(button);
  });

  // With words typed, a tap alone no longer sends.
  form.addEventListener("input", () => typed() && hint(""));

  // Enter looks, and does not send; the button beside is for browsers without this script.
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      send();
    } else if (event.key === "Enter" && event.target.matches("#id_whom_words")) {
      event.preventDefault();
    }
  });
  for (const button of form.querySelectorAll('button[name="find"][value="whom"]')) button.hidden = true;

  // --- Sending ----------------------------------------------------------------------------------------------------

  const say = (sentence, errors = [], canBeFree = false) => {
    const box = part("said");
    part("sentence").textContent = sentence;
    part("sentence").hidden = !sentence;
    part("errors").replaceChildren(...errors.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
    part("errors").hidden = !errors.length;
    part("free").hidden = !canBeFree;
    box.hidden = !sentence && !errors.length;
    if (!box.hidden) box.focus();
  };

  const show = (told) => {
    say(told.sentence, Object.values(told.errors).flat(), told.can_be_free);
    for (const name of Object.keys(told.errors)) field(name)?.closest?.("details")?.setAttribute("open", "");
  };

  const bodyFor = (extra) => {
    const body = new FormData(form);
    for (const [name, value] of [...body]) if (value instanceof File && !value.size) body.delete(name);
    body.delete("csrfmiddlewaretoken");
    for (const [name, value] of Object.entries(extra)) body.set(name, value);
    return body;
  };

  const setBusy = (now) => {
    busy = now;
    for (const button of form.querySelectorAll(".form-actions button")) {
      if (now) button.setAttribute("aria-busy", "true");
      else button.removeAttribute("aria-busy");
    }
  };

  const begin = () => {
    form.reset();
    for (const name of ["whom", "did", "introduced"]) choose(name, "");
    field("occasion").value = field("happened_at").value = "";
    field("key").value = newKey();
    editing = "";
    hint("");
    say("");
  };

  const keep = async (body) => {
    const words = document.querySelector("[data-queue-words]").dataset;
    if (!body.get("happened_at")) body.set("happened_at", new Date().toISOString());
    const label = [chosenButton("whom")?.innerText, chosenButton("did")?.innerText || body.get("what")].filter(Boolean).join(" · ");
    const record = { key: body.get("key"), owner, at: body.get("happened_at"), label: label || words.noWords, fields: [...body], refused: "" };
    await momentsQueue.keep(record);
    if (editing && editing !== record.key) await momentsQueue.drop(editing);
    begin();
    hint(words.kept);
    part("hint").scrollIntoView({ block: "nearest" });
  };

  const late = () => new Promise((_, reject) => setTimeout(() => reject(new TypeError("no answer")), PATIENCE));

  const posted = async (body) => {
    const url = form.getAttribute("action") || location.pathname;
    return Promise.race([momentsQueue.post(url, body, field("csrfmiddlewaretoken").value), late()]);
  };

  // A page that was open for long, or came from this phone, may have an old token: once more with a fresh one.
  const postedTwice = async (body) => {
    const answer = await posted(body);
    if (answer) return answer;
    const here = await momentsQueue.line();
    if (!here) return null;
    field("csrfmiddlewaretoken").value = here.token;
    return posted(body);
  };

  async function send(extra = {}) {
    if (busy) return;
    setBusy(true);
    hint("");
    say("");
    const body = bodyFor(extra);
    try {
      const answer = await postedTwice(body);
      if (!answer) say(form.dataset.signedOut);
      else if (answer.status === 201) {
        if (editing) await momentsQueue.drop(editing);
        location.assign(answer.told.next);
        return;
      } else {
        if (answer.status === 409) field("key").value = answer.told.new_key;
        show(answer.told);
      }
    } catch {
      if (owner) await keep(body).catch(() => say(form.dataset.noLine));
      else say(form.dataset.noLine);
    }
    setBusy(false);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const button = event.submitter;
    if (button?.name === "free") field("cost").value = "";
    send(button && ["later", "free"].includes(button.name) ? { [button.name]: "1" } : {});
  });

  // Back in the browser shows the page as it was left: what was sent from it is not sent again.
  addEventListener("pageshow", (event) => {
    if (event.persisted && busy) {
      setBusy(false);
      begin();
    }
  });

  // --- What this phone has kept -----------------------------------------------------------------------------------

  const list = document.querySelector("[data-queue]");

  const edit = (record) => {
    begin();
    editing = record.key;
    const files = {};
    for (const [name, value] of record.fields) {
      if (value instanceof File) (files[name] ||= []).push(value);
      else if (["whom", "did", "introduced"].includes(name)) choose(name, value);
      else if (field(name) instanceof RadioNodeList) field(name).value = value;
      else if (field(name)?.type === "checkbox") field(name).checked = true;
      else if (field(name) && !["owner", "csrfmiddlewaretoken", "whom_words"].includes(name)) field(name).value = value;
    }
    for (const [name, values] of Object.entries(files)) {
      const carried = new DataTransfer();
      for (const value of values) carried.items.add(value);
      field(name).files = carried.files;
    }
    if (record.newKey) field("key").value = record.newKey;
    for (const details of form.querySelectorAll("details")) details.open = [...details.querySelectorAll("input")].some((input) => input.type === "checkbox" ? input.checked : input.value);
    field("what").focus();
  };

  const free = async (record) => {
    const fields = record.fields.filter(([name]) => !["cost", "receipt"].includes(name));
    const key = record.newKey || record.key;
    if (key !== record.key) await momentsQueue.drop(record.key);
    await momentsQueue.keep({ ...record, key, fields: fields.map(([name, value]) => [name, name === "key" ? key : value]), refused: "", newKey: "" });
    await momentsQueue.send();
  };

  const ways = { edit, free, drop: (record, button) => confirm(button.dataset.sure) && momentsQueue.drop(record.key) };

  const lineFor = (record) => {
    const item = list.querySelector("[data-queue-item]").content.firstElementChild.cloneNode(true);
    const state = item.querySelector("[data-state]");
    item.querySelector("[data-label]").textContent = record.label;
    state.textContent = record.refused || state.dataset.waits;
    state.classList.toggle("muted", !record.refused);
    item.querySelector("[data-ways]").hidden = !record.refused;
    for (const button of item.querySelectorAll("[data-way]")) {
      button.hidden = button.dataset.way === "free" && !record.canBeFree;
      button.addEventListener("click", () => ways[button.dataset.way](record, button));
    }
    return item;
  };

  const fill = async () => {
    const records = await momentsQueue.all(owner);
    list.querySelector("[data-queue-items]").replaceChildren(...records.map(lineFor));
    list.hidden = !records.length && !list.querySelector("[data-queue-said]").textContent;
  };

  if (list) {
    document.addEventListener("moments:queue", () => fill().catch(() => {}));
    document.addEventListener("moments:sent", () => {
      const words = list.querySelector("[data-queue-words]").dataset;
      list.querySelector("[data-queue-said]").textContent = words.sent;
      if (part("hint").textContent === words.kept) hint("");
    });
    fill().catch(() => {});
    momentsQueue.keepPage();
    field("key").value = newKey(); // a page that this phone has kept has an old one
  }
}
