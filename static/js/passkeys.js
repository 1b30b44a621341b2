"use strict";

// Passkeys: a form with data-passkey="create" or "get" asks the browser for one before it is sent. The options stand in
// the page (#js_data), or are fetched from where the form goes. Needs allauth's mfa/js/webauthn-json.js.
const byNumbers = /^[\d.]+$|^\[/.test(location.hostname); // browsers give no passkeys to an address of numbers
const possible = window.PublicKeyCredential && !byNumbers;

const optionsOf = async (form) => {
  const inPage = document.getElementById("js_data");
  if (inPage) return JSON.parse(inPage.textContent).options;
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return (await answer.json()).request_options;
};

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.querySelector("[data-passkey-missing]").hidden = possible;
  form.querySelector("button").hidden = !possible;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const failed = form.querySelector("[data-passkey-failed]");
    failed.hidden = true;
    try {
      const credential = await webauthnJSON[form.dataset.passkey](await optionsOf(form));
      form.elements.credential.value = JSON.stringify(credential);
      form.submit();
    } catch {
      failed.hidden = false; // the person has said no, or the device knows no key
    }
  });
}
