/* A passkey's touch: the page says what is asked (data-passkey), the browser asks the finger, the answer is sent. */
(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) =>
    buffer && btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const known = (list) => (list || []).map((each) => ({ ...each, id: bytes(each.id) }));

  const asked = (options) => {
    const o = { ...options.publicKey, challenge: bytes(options.publicKey.challenge) };
    if (o.user) o.user = { ...o.user, id: bytes(o.user.id) };
    if (o.excludeCredentials) o.excludeCredentials = known(o.excludeCredentials);
    if (o.allowCredentials) o.allowCredentials = known(o.allowCredentials);
    return { publicKey: o };
  };

  const answer = (key) => {
    const r = key.response;
    const response = { clientDataJSON: text(r.clientDataJSON) };
    if (r.attestationObject) {
      response.attestationObject = text(r.attestationObject);
      response.transports = r.getTransports ? r.getTransports() : [];
    } else {
      response.authenticatorData = text(r.authenticatorData);
      response.signature = text(r.signature);
      response.userHandle = text(r.userHandle) || null;
    }
    return {
      type: key.type,
      id: key.id,
      rawId: text(key.rawId),
      authenticatorAttachment: key.authenticatorAttachment || null,
      response,
      clientExtensionResults: key.getClientExtensionResults(),
    };
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const button = form.querySelector("button");
    const failed = form.querySelector("[data-failed]");
    if (!window.PublicKeyCredential) {
      form.querySelector("[data-without]").hidden = false;
      continue;
    }
    button.hidden = false;
    button.addEventListener("click", async (event) => {
      event.preventDefault();
      failed.hidden = true;
      try {
        const { creation_options: made, request_options: shown } = JSON.parse(form.dataset.passkey);
        const key = made
          ? await navigator.credentials.create(asked(made))
          : await navigator.credentials.get(asked(shown));
        form.querySelector("[name=credential]").value = JSON.stringify(answer(key));
        form.submit();
      } catch {
        failed.hidden = false;
      }
    });
  }
})();
