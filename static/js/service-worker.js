"use strict";

// Keeps the look (CSS, scripts, icons) at hand, so that pages open quickly on a bad line. Never a page: those hold people's data.
const CACHE = "delight-look-1";
const KEPT = /\/static\/.+\.(css|js|svg|png|ico)$/;
const NEVER = /service-worker\.js$/;

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => {
  const sweep = async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(sweep());
});

// The network's copy when there is one, and the kept copy when there is none: an update is never a day late.
const fresh = async (request) => {
  const cache = await caches.open(CACHE);
  try {
    const response = await fetch(request);
    if (response.ok) await cache.put(request, response.clone());
    return response;
  } catch (error) {
    const kept = await cache.match(request);
    if (kept) return kept;
    throw error;
  }
};

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (!KEPT.test(url.pathname) || NEVER.test(url.pathname)) return;
  event.respondWith(fresh(event.request));
});
