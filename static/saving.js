/* A form on a bad line: saved while somebody types and when they leave, kept in this tab until it has arrived, and sent
   again from the same page when the answer did not come. What is kept here is in sessionStorage: docs/security.md. */
(() => {
  const form = document.querySelector("form[data-autosave], form[data-resend]"), box = form && form.querySelector(".unsent");
  if (!box) return;
  const note = document.querySelector("[data-saved]"), key = "unsent:" + location.pathname, person = document.body.dataset.person;
  const autosave = form.dataset.autosave, HOURS = 12, ABOUT = ["base_version", "marks", "page"];
  let changed = false, saving = false, stopped = false, failed = 0, pressed = null, wake = () => {};

  const kept = {
    read() { try { return JSON.parse(sessionStorage.getItem(key)); } catch { return null; } },
    write() {
      try { sessionStorage.setItem(key, JSON.stringify({person, at: Date.now(), words: words()})); } catch { /* no room */ }
    },
    drop() { try { sessionStorage.removeItem(key); } catch { /* not allowed */ } },
  };
  const words = () => [...new FormData(form)].filter(([name, value]) =>
    typeof value === "string" && !["csrfmiddlewaretoken", "keeper"].includes(name));
  const answers = all => JSON.stringify(all.filter(([name]) => !ABOUT.includes(name)));
  const clock = at => new Date(at).toTimeString().slice(0, 5);

  const say = (what, at) => {
    box.hidden = !what;
    box.querySelector("p").textContent = what ? box.dataset[what].replace("{time}", at ? clock(at) : "") : "";
    box.querySelector("button").hidden = !["lost", "broken"].includes(what);
  };
  const saved = (good, time) => {
    if (!note) return;
    note.classList.toggle("bad", !good);
    note.querySelector("span").textContent = good ? note.dataset.saved.replace("{time}", time) : note.dataset.unsaved;
  };
  const post = (url, body, headers, keepalive = false) => {
    const stop = new AbortController(), limit = setTimeout(() => stop.abort(), 90000);
    return fetch(url, {method: "POST", body, headers, keepalive, signal: stop.signal}).finally(() => clearTimeout(limit));
  };

  /* While somebody types, and when they leave. */
  const save = async leaving => {
    if (!autosave || !changed || saving || stopped || form.dataset.sent) return;
    changed = false;
    saving = true;
    try {
      const answer = await post(autosave, new FormData(form), {"X-Autosave": "1"}, leaving);
      stopped = {401: "signin", 409: "theirs"}[answer.status];
      if (!answer.ok || answer.redirected) throw answer;
      const told = await answer.json().catch(() => ({}));
      for (const [name, value] of Object.entries(told.fields || {})) if (form.elements[name]) form.elements[name].value = value;
      if (changed) kept.write(); else kept.drop();
      form.dataset.clean = "1";
      say("");
      saved(true, told.time || clock(Date.now()));
    } catch {
      changed = true;
      form.dataset.clean = "";
      if (stopped) say(stopped);
      saved(false);
    }
    saving = false;
  };

  /* What was typed here before and never arrived. */
  const bring = entry => {
    const given = new Map();
    for (const [name, value] of entry.words) given.set(name, [...(given.get(name) || []), value]);
    form.querySelectorAll("[data-rows]").forEach(rows => {
      const total = rows.querySelector("[name$=-TOTAL_FORMS]"), wanted = total && given.get(total.name);
      while (wanted && +total.value < Math.min(+wanted[0], 100)) rows.querySelector("[data-add]").click();
    });
    for (const field of form.elements) {
      const values = given.get(field.name) || [];
      if (!field.name || ["csrfmiddlewaretoken", "keeper"].includes(field.name) || field.matches("button, [type=file]")) continue;
      if (field.matches("[type=radio], [type=checkbox]")) field.checked = values.includes(field.value);
      else if (field.multiple) for (const option of field.options) option.selected = values.includes(option.value);
      else if (values.length) field.value = values.shift();
    }
    changed = true;
    say("back", entry.at);
    form.dispatchEvent(new Event("change", {bubbles: true}));
    save();
  };

  const again = by_itself => new Promise(done => {
    const timer = by_itself && setTimeout(() => wake(), 1000 * Math.min(60, 2 ** ++failed));
    wake = () => { clearTimeout(timer); wake = () => {}; done(); };
  });

  /* The button: until it has arrived. */
  const send = async () => {
    for (failed = 0; ;) {
      let answer = null;
      try {
        const body = new FormData(form);
        if (pressed && pressed.name) body.append(pressed.name, pressed.value);
        say("sending");
        answer = await post(form.action, body, {"X-Sent-By": "script"});
        const page = await answer.text();
        if (answer.status < 500) return arrived(answer, page);
      } catch { answer = null; }
      const by_itself = !answer || answer.status > 500;
      say(by_itself ? "lost" : "broken");
      await again(by_itself);
    }
  };
  const arrived = (answer, page) => {
    form.dataset.clean = "1";
    const json = (answer.headers.get("content-type") || "").includes("json");
    if (json || answer.redirected) {
      const to = json ? JSON.parse(page).to : answer.url;
      if (!to.includes("/login/")) kept.drop();
      return location.assign(to);
    }
    if (answer.status !== 409 || !page.includes("data-resend")) kept.drop();
    clearInterval(rhythm);
    document.open();
    document.write(page);
    document.close();
    scrollTo(0, 0);
  };

  form.addEventListener("input", () => {
    if (!autosave) return;
    changed = true;
    kept.write();
  });
  form.addEventListener("submit", event => {
    event.preventDefault();
    pressed = event.submitter;
    if (form.dataset.sent) return wake();
    form.dataset.sent = "1";
    send();
  });
  box.querySelector("button").addEventListener("click", () => wake());
  addEventListener("online", () => { wake(); save(); });
  addEventListener("visibilitychange", () => document.hidden && save(true));
  addEventListener("pagehide", () => save(true));
  const rhythm = setInterval(save, 20000);

  const entry = autosave && kept.read();
  if (entry && entry.person === person && Date.now() - entry.at < HOURS * 3600000 && answers(entry.words) !== answers(words())) bring(entry);
  else if (entry) kept.drop();
})();
