/* Sends a chosen file in small pieces and goes on where the line broke; without it the form sends the file whole. */
(() => {
  const form = document.querySelector("form[data-pieces]"), told = document.getElementById("arriving");
  if (!form || !told || !(window.crypto && crypto.subtle)) return;
  const input = form.querySelector("[type=file]"), button = form.querySelector(".btn"), bar = told.querySelector("progress");
  const SMALLEST = 4096, LARGEST = 262144, MOST = 5 * 1024 * 1024, SHRUNK = 400 * 1024, EDGE = 2000;
  let length = 16384, failed = 0;

  const say = (what, percent = bar.value, name = "") => {
    told.hidden = false;
    told.querySelector("a").hidden = what !== "signin";
    told.querySelector("p").textContent = (told.dataset[what] || what).replace("{percent}", percent).replace("{name}", name);
    bar.value = percent;
  };

  const post = async (url, body) => {
    const stop = new AbortController(), clock = setTimeout(() => stop.abort(), 60000);
    const headers = {"X-CSRFToken": form.elements.csrfmiddlewaretoken.value};
    try {
      const answer = await fetch(url, {method: "POST", body, headers, signal: stop.signal});
      return [answer.status, await answer.json().catch(() => ({}))];
    } finally { clearTimeout(clock); }
  };

  const linkBack = () => new Promise(done => {
    const go = () => { clearTimeout(clock); removeEventListener("online", go); done(); };
    const clock = setTimeout(go, 1000 * Math.min(60, 2 ** ++failed));
    addEventListener("online", go);
  });

  /* A photograph of a telephone: smaller, and without the place where it was taken. */
  const shrunk = async file => {
    if (file.type !== "image/jpeg" || file.size < SHRUNK) return file;
    try {
      const picture = await createImageBitmap(file), scale = Math.min(1, EDGE / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = picture.width * scale;
      canvas.height = picture.height * scale;
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      const small = await new Promise(done => canvas.toBlob(done, "image/jpeg", 0.8));
      return small && small.size < file.size ? small : file;
    } catch { return file; }
  };

  const send = async file => {
    say("prepare", 0);
    const small = await shrunk(file);
    if (small.size > MOST) return say("large");
    const bytes = await small.arrayBuffer(), about = new FormData();
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    const told = {name: file.name, size: bytes.byteLength, sha256: [...digest].map(one => one.toString(16).padStart(2, "0")).join("")};
    for (const [name, value] of Object.entries(told)) about.append(name, value);
    for (let key = "", at = 0; ;) {
      const began = Date.now(), url = key ? form.dataset.piece.replace(form.dataset.key, key) + "?offset=" + at : form.dataset.pieces;
      let status = 0, news = {};
      try { [status, news] = await post(url, key ? bytes.slice(at, at + length) : about); } catch { /* the line broke */ }
      if (!status || status >= 500) {
        length = Math.max(SMALLEST, length / 2);
        say("wait");
        await linkBack();
        continue;
      }
      failed = 0;
      if (status === 401) return say("signin");
      if (news.received === undefined) return say(news.sentence || "failed");
      key = news.key || key;
      at = news.received;
      if (news.attached) {
        form.dataset.clean = "1";
        return location.assign(location.pathname);
      }
      const took = Date.now() - began;
      length = took < 2000 ? Math.min(LARGEST, length * 2) : took > 8000 ? Math.max(SMALLEST, length / 2) : length;
      say("sending", Math.floor(100 * at / bytes.byteLength), file.name);
    }
  };

  form.addEventListener("submit", async event => {
    if (!input.files.length) return;
    event.preventDefault();
    input.disabled = button.disabled = true;
    try { await send(input.files[0]); } catch { say("failed"); }
    input.disabled = button.disabled = false;
  });
})();
