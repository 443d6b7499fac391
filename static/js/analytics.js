// Starts Google Analytics for somebody who has agreed to it, and lets it know as little as it can work with.
"use strict";

window.dataLayer = window.dataLayer || [];
function gtag() { dataLayer.push(arguments); }
const { number, cookieSeconds } = document.currentScript.dataset;
gtag("js", new Date());
gtag("config", number, {
  // What was searched for, here or elsewhere, stays out of it.
  page_location: location.origin + location.pathname,
  page_referrer: document.referrer && new URL(document.referrer).origin,
  allow_google_signals: false,
  allow_ad_personalization_signals: false,
  // For this host alone, so that it can delete them, and as long as the cookie list says.
  cookie_domain: "none",
  cookie_expires: Number(cookieSeconds),
  cookie_flags: "SameSite=Lax;Secure",
});
