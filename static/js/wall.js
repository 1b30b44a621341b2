"use strict";

// A wall on a screen that nobody touches: one story after the other, day and night. There is one timer for the stories
// and one for the line; what is fetched takes the place of what stood there, so the page never grows.
{
  const STANDS = 12000; // milliseconds of one story
  const ASKS = 180000; // milliseconds between two questions for what is new
  const FIRST_RETRY = 15000;
  const LAST_RETRY = 600000;
  const PATIENCE = 20000;
  const DAY = 86400000;

  const place = document.querySelector("main[data-stories]");
  const noLine = document.querySelector("[data-no-line]");
  const button = document.querySelector("[data-pause]");
  const began = Date.now();
  const parser = new DOMParser();
  let at = Math.max(0, [...place.children].findIndex((story) => !story.hidden));
  let last = "";
  let retry = FIRST_RETRY;
  let turning = 0;
  let missing = 0;

  const show = (number) => {
    const stories = place.children;
    at = stories.length ? number % stories.length : 0;
    for (let each = 0; each < stories.length; each += 1) stories[each].hidden = each !== at;
  };

  const turn = () => show(at + 1);
  const go = () => (turning = setInterval(turn, STANDS));
  const stop = () => {
    clearInterval(turning);
    turning = 0;
  };

  button.hidden = false;
  button.addEventListener("click", () => {
    if (turning) stop();
    else go();
    button.setAttribute("aria-pressed", String(!turning));
  });

  const bring = (text) => {
    if (text === last) return;
    last = text;
    place.replaceChildren(...parser.parseFromString(text, "text/html").body.children);
    show(at);
  };

  const ask = async () => {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), PATIENCE);
    try {
      const answer = await fetch(place.dataset.stories, { signal: limit.signal, cache: "no-store" });
      missing = answer.status === 404 ? missing + 1 : 0;
      if (missing > 1) return location.reload(); // switched off: the page itself says so
      if (!answer.ok) throw new Error(String(answer.status));
      const text = await answer.text();
      if (Date.now() - began > DAY) return location.reload();
      bring(text);
      retry = FIRST_RETRY;
      noLine.hidden = true;
      setTimeout(ask, ASKS);
    } catch {
      noLine.hidden = false; // what stands there stays
      setTimeout(ask, retry);
      retry = Math.min(retry * 2, LAST_RETRY);
    } finally {
      clearTimeout(timer);
    }
    return undefined;
  };

  go();
  setTimeout(ask, ASKS);
}
