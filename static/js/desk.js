"use strict";

// On a shared device: two minutes without a touch or a key, and the names are shown again. The server ends the session
// by itself; this clears the screen, and tells the server now and then that somebody types.
{
  const { lock, awake, seconds, token } = document.querySelector("script[data-lock]").dataset;
  let last = Date.now();
  let told = last;

  const tell = async () => {
    told = Date.now();
    const answer = await fetch(awake, { method: "POST", body: new URLSearchParams({ csrfmiddlewaretoken: token }) });
    if (answer.redirected) location.assign(lock);
  };

  const touched = () => {
    last = Date.now();
    if (last - told > seconds * 250) tell().catch(() => {}); // away from the network: the next one tells
  };

  for (const kind of ["pointerdown", "keydown", "input", "scroll"]) addEventListener(kind, touched, { capture: true, passive: true });
  const look = () => Date.now() - last >= seconds * 1000 && location.replace(lock);
  setInterval(look, 1000);
  document.addEventListener("visibilitychange", look);
}
