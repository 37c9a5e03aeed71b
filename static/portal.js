/* What a script adds to pages that work without it: one more row, no double sending, folded menus; saving.js saves. */
(() => {
  const all = (what, where = document) => [...where.querySelectorAll(what)];

  /* A form is sent once; it may be sent again when the page comes back from the browser's memory. */
  document.addEventListener("submit", event => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    form.dataset.clean = "1";
    if ("download" in form.dataset) return; // the page stays: another file may be asked for
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    setTimeout(() => all("button:not([type=button])", form).forEach(button => (button.disabled = true)));
  });
  addEventListener("pageshow", event => {
    if (event.persisted) all("form[data-sent]").forEach(form => {
      delete form.dataset.sent;
      all("button", form).forEach(button => (button.disabled = false));
    });
  });

  /* Leaving with unsaved words asks first. */
  all("form[data-guard]").forEach(form => form.addEventListener("input", () => (form.dataset.clean = "")));
  addEventListener("beforeunload", event => {
    if (all("form[data-guard]").some(form => form.dataset.clean === "")) event.preventDefault();
  });

  /* What was typed and has not arrived (saving.js) is counted on every page; another person's and a signed-out one's goes. */
  const unsent = () => { try { return Object.keys(sessionStorage).filter(key => key.startsWith("unsent:")); } catch { return []; } };
  const drop = key => sessionStorage.removeItem(key);
  const told = document.getElementById("unsent"), person = document.body.dataset.person;
  if (person) unsent().filter(key => JSON.parse(sessionStorage.getItem(key)).person !== person).forEach(drop);
  const waiting = unsent().filter(key => key !== "unsent:" + location.pathname);
  if (told && waiting.length) {
    told.hidden = false;
    told.querySelector("a").href = waiting[0].slice(7);
    told.querySelector("a").textContent = told.dataset[waiting.length > 1 ? "many" : "one"].replace("{count}", waiting.length);
  }
  all('form[action$="/logout/"]').forEach(form => form.addEventListener("submit", () => { unsent().forEach(drop); forgetDuty(); }));

  /* The duty telephones that duty.js keeps are one person's: another one's and a signed-out one's go. */
  function forgetDuty() {
    try { localStorage.removeItem("duty"); } catch { return; }
    if (window.caches) caches.delete("duty-telephones");
  }
  try { if (person && localStorage.getItem("duty") && localStorage.getItem("duty") !== person) forgetDuty(); } catch { /* nothing is kept */ }

  /* One more row of a formset, copied from its template. */
  document.addEventListener("click", event => {
    const button = event.target.closest("[data-add]");
    if (!button) return;
    event.preventDefault();
    const rows = button.closest("[data-rows]"), total = rows.querySelector("[name$=-TOTAL_FORMS]"), number = +total.value;
    const copy = rows.querySelector("template").content.cloneNode(true);
    all("*", copy).forEach(part => [...part.attributes].forEach(mark => {
      if (mark.value.includes("__prefix__")) mark.value = mark.value.replaceAll("__prefix__", number);
    }));
    const shown = copy.querySelector("[data-number]");
    if (shown) shown.textContent = number + 1;
    const first = copy.querySelector("input:not([type=hidden]), select, textarea");
    total.value = number + 1;
    rows.insertBefore(copy, rows.querySelector("template"));
    first?.focus();
  });

  /* Questions that matter only after a certain answer. */
  const sift = () => all("[data-only]").forEach(part => {
    const [name, value] = part.dataset.only.split("="), values = value.split("|");
    const field = all(`[name="${name}"]`, part.closest("form") || document);
    part.hidden = !field.some(one => (one.matches("[type=radio],[type=checkbox]") ? one.checked && values.includes(one.value) : values.includes(one.value)));
  });
  document.addEventListener("change", sift);
  sift();

  /* Letters left of a limited text. */
  all("textarea[maxlength]").filter(text => text.maxLength < 100000).forEach(text => {
    const left = document.createElement("span");
    left.className = "count";
    const count = () => (left.textContent = `${text.value.length} / ${text.maxLength}`);
    text.after(left);
    text.addEventListener("input", count);
    count();
  });

  /* Folded menus close on Escape and on a click beside them. */
  const menus = () => all("details.menu[open], details.nav[open]");
  document.addEventListener("click", event => menus().forEach(menu => menu.contains(event.target) || (menu.open = false)));
  document.addEventListener("keydown", event => {
    if (event.key === "Escape") menus().forEach(menu => { menu.open = false; menu.querySelector("summary").focus(); });
  });
})();
