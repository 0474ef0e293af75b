// Tells the browser about the passkeys that it lists for us: that one is gone for good, or which ones
// there are. Then it leads on, where the page waits for that.
for (const { dataset } of document.querySelectorAll('[data-signal]')) {
  const { signal, options, href } = dataset;
  // Not every browser has these; what it answers changes nothing here.
  void globalThis.PublicKeyCredential?.[signal]?.(JSON.parse(options)).catch(() => undefined);
  if (href) location.replace(href);
}
