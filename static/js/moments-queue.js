"use strict";

// Moments that could not be sent are kept on this phone, files included, and sent one after the other when a page opens
// or the line is back. The server knows each by its key, so that none is logged twice; it also knows whose page it was.
const momentsQueue = (() => {
  const STORE = "waiting";
  const PAGES = "delight-moment-page-1"; // the service worker gives it when there is no line
  const NEW = "/moments/new/";
  const LINE = "/moments/line/";
  const AGAIN = 10000; // milliseconds

  const opened = () =>
    new Promise((resolve, reject) => {
      const request = indexedDB.open("delight-moments", 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "key" });
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });

  const within = async (mode, work) => {
    const base = await opened();
    try {
      return await new Promise((resolve, reject) => {
        const change = base.transaction(STORE, mode);
        const request = work(change.objectStore(STORE));
        change.oncomplete = () => resolve(request.result);
        change.onerror = change.onabort = () => reject(change.error);
      });
    } finally {
      base.close();
    }
  };

  const keep = (record) => within("readwrite", (store) => store.put(record)).then(changed);
  const drop = (key) => within("readwrite", (store) => store.delete(key)).then(changed);
  const all = async (owner) => {
    const found = await within("readonly", (store) => store.getAll());
    return found.filter((record) => record.owner === owner).sort((one, other) => one.at.localeCompare(other.at));
  };
  const changed = () => document.dispatchEvent(new CustomEvent("moments:queue"));

  const bodyOf = (record) => {
    const body = new FormData();
    for (const [name, value] of record.fields) body.append(name, value);
    body.set("kept", "1"); // whoever reads another page by now is not told there
    return body;
  };

  // What the server says: { status, told } for an answer in JSON; null for any other, such as the log-in page.
  const post = async (url, body, token) => {
    const answer = await fetch(url, { method: "POST", body, headers: { Accept: "application/json", "X-CSRFToken": token } });
    if (answer.status >= 500) throw new TypeError("the server does not answer");
    if (!(answer.headers.get("Content-Type") || "").startsWith("application/json")) return null;
    return { status: answer.status, told: await answer.json() };
  };

  const line = async () => {
    const answer = await fetch(LINE, { headers: { Accept: "application/json" }, cache: "no-store" });
    return answer.ok && !answer.redirected ? answer.json() : null;
  };

  const sentence = (told) => [told.sentence, ...Object.values(told.errors || {}).flat()].filter(Boolean).join(" ");

  const sendOne = async (record, token) => {
    const answer = await post(NEW, bodyOf(record), token);
    if (!answer) return false;
    if (answer.status === 201) {
      await drop(record.key);
      document.dispatchEvent(new CustomEvent("moments:sent"));
    } else {
      const { told } = answer;
      await keep({ ...record, refused: sentence(told), canBeFree: Boolean(told.can_be_free), newKey: answer.status === 409 ? told.new_key : "" });
    }
    return true;
  };

  const sendAll = async () => {
    const waiting = await within("readonly", (store) => store.getAll());
    if (!waiting.some((record) => !record.refused)) return;
    const here = await line();
    if (!here || !here.owner) return;
    for (const record of await all(here.owner)) {
      if (!record.refused && !(await sendOne(record, here.token))) return;
    }
  };

  // One tab at a time. A browser does not always notice that the line is back: while something waits, it is tried again.
  let next = 0;
  const send = async () => {
    clearTimeout(next);
    try {
      if (navigator.locks) await navigator.locks.request("moments-queue", { ifAvailable: true }, (lock) => (lock ? sendAll() : null));
      else await sendAll();
    } catch {
      next = setTimeout(send, AGAIN); // no line; a browser that keeps nothing has nothing to send either
    }
  };

  // The page itself for the next time without a line: it holds ideas and the names of today, nothing else.
  const keepPage = async () => {
    if (!("caches" in window)) return;
    try {
      const page = await fetch(`${NEW}?kept=1`, { cache: "no-store" });
      const cache = await caches.open(PAGES);
      if (page.ok && page.headers.get("X-Keep-For-Offline")) await cache.put(NEW, page);
      else if (page.ok) await cache.delete(NEW);
    } catch {
      // no line: what is kept stays
    }
  };

  addEventListener("online", send);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && send());
  send();
  return { keep, drop, all, send, post, line, sentence, keepPage };
})();
