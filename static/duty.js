/* The page of duty telephones is kept on this device; its button removes it again. portal.js removes it at sign-out. */
"use strict";
(() => {
  const KEPT = "duty-telephones", note = document.getElementById("kept"), worker = navigator.serviceWorker;
  if (!note || !worker || !window.caches) return;
  const button = note.querySelector("button");
  const show = kept => {
    note.hidden = false;
    note.querySelector("span").textContent = note.dataset[kept ? "kept" : "removed"];
    button.textContent = note.dataset[kept ? "remove" : "keep"];
    button.dataset.kept = kept ? "1" : "";
  };
  const keep = async () => {
    await worker.register(note.dataset.worker, {scope: location.pathname});
    const store = await caches.open(KEPT);
    await store.addAll([location.pathname, ...Array.from(document.querySelectorAll("link[rel=stylesheet], script[src]"), one => one.href || one.src)]);
    localStorage.setItem("duty", document.body.dataset.person);
    show(true);
  };
  const remove = async () => {
    localStorage.removeItem("duty");
    await caches.delete(KEPT);
    await Promise.all((await worker.getRegistrations()).map(one => one.unregister()));
    show(false);
  };
  button.addEventListener("click", () => (button.dataset.kept ? remove() : keep()));
  if (navigator.onLine !== false) keep().catch(() => {});
  else show(true);
})();
