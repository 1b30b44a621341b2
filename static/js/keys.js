"use strict";

// "/" leads to the search box that is in sight, unless one is typing already.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable], dialog")) return;
  const box = [...document.querySelectorAll("[data-search]")].find((each) => each.checkVisibility());
  if (!box) return;
  event.preventDefault();
  box.focus();
  box.select();
});

// "n" opens the page for a new moment, from anywhere, unless one is typing.
document.addEventListener("keydown", (event) => {
  const { moment } = document.body.dataset;
  if (event.key !== "n" || !moment || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable], dialog")) return;
  event.preventDefault();
  location.assign(moment);
});
