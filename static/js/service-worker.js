"use strict";

// Keeps the look (CSS, scripts, icons) at hand, so that pages open quickly on a bad line. Of pages it gives one, where there
// is no line: that on which a moment is logged. The page puts it here itself (moments-queue.js), with ideas and the names of
// the day and nothing else of anybody; it goes when somebody signs out or in.
const CACHE = "delight-look-1";
const KEPT = /\/static\/.+\.(css|js|svg|png|ico)$/;
const PAGES = "delight-moment-page-1";
const NEW = "/moments/new/";
const NEVER = /service-worker\.js$/;

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => {
  const sweep = async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name !== CACHE && name !== PAGES).map((name) => caches.delete(name)));
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

const orKept = async (request) => {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await caches.match(NEW, { cacheName: PAGES });
    if (kept) return kept;
    throw error;
  }
};

const forgets = (request, url) => (request.method === "POST" && url.pathname === "/account/logout/") || url.pathname === "/account/login/";

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (url.origin === self.location.origin && event.request.mode === "navigate") {
    if (forgets(event.request, url)) event.waitUntil(caches.delete(PAGES));
    if (event.request.method === "GET" && url.pathname === NEW) event.respondWith(orKept(event.request));
    return;
  }
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (!KEPT.test(url.pathname) || NEVER.test(url.pathname)) return;
  event.respondWith(fresh(event.request));
});
