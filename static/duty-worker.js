/* Keeps the page of duty telephones, and what it is drawn with, for when there is no network. Nothing else. */
"use strict";
const KEPT = "duty-telephones";
addEventListener("install", () => skipWaiting());
addEventListener("activate", event => event.waitUntil(clients.claim()));
addEventListener("fetch", event => {
  const asked = event.request;
  if (asked.method !== "GET") return;
  event.respondWith(
    fetch(asked).then(answer => {
      if (answer.ok && !answer.redirected) {
        const copy = answer.clone();
        event.waitUntil(caches.has(KEPT).then(kept => kept && caches.open(KEPT).then(store => store.put(asked.url, copy))));
      }
      return answer;
    }).catch(() => caches.match(asked.url, {ignoreSearch: true, ignoreVary: true}).then(kept => kept || Response.error())));
});
