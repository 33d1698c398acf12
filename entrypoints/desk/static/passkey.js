// The one script of the desk: it asks the browser for a passkey's answer and puts it into a field of the form.
// It sends nothing itself, reads no other field, and is let in by the hash of these very bytes.
(() => {
  "use strict";
  const form = document.querySelector("form[data-ceremony]");
  if (!form) return;
  const told = document.getElementById("passkey-told");
  const button = form.querySelector("button");
  const say = (word) => { told.textContent = told.dataset[word]; told.hidden = false; };
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const keys = (list) => (list || []).map((key) => ({ ...key, id: bytes(key.id) }));
  const options = JSON.parse(form.dataset.options);
  options.challenge = bytes(options.challenge);

  async function made() {
    options.user.id = bytes(options.user.id);
    options.excludeCredentials = keys(options.excludeCredentials);
    const key = await navigator.credentials.create({ publicKey: options });
    return { key, response: {
      authenticatorData: text(key.response.getAuthenticatorData()),
      publicKey: text(key.response.getPublicKey()),
      publicKeyAlgorithm: key.response.getPublicKeyAlgorithm(),
    } };
  }

  async function used() {
    options.allowCredentials = keys(options.allowCredentials);
    const key = await navigator.credentials.get({ publicKey: options });
    return { key, response: {
      authenticatorData: text(key.response.authenticatorData),
      signature: text(key.response.signature),
      userHandle: key.response.userHandle ? text(key.response.userHandle) : "",
    } };
  }

  form.addEventListener("submit", async (event) => {
    if (form.elements.answer.value) return;
    event.preventDefault();
    if (!window.PublicKeyCredential) { say("none"); return; }
    button.disabled = true;
    say("waiting");
    try {
      const { key, response } = await (form.dataset.ceremony === "create" ? made() : used());
      response.clientDataJSON = text(key.response.clientDataJSON);
      form.elements.answer.value = JSON.stringify({ id: key.id, rawId: key.id, type: key.type, response });
      form.submit();
    } catch (error) {
      say(error.name === "InvalidStateError" ? "known" : "failed");
      button.disabled = false;
    }
  });
  // Until here a click would send the form without the device's answer.
  button.disabled = false;
})();
