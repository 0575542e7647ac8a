"""Pages that only a browser can show: when it is worth it, the browser, and a proxy that judges every address."""
