// Attachments: how far an upload is, and the question before removing closes by itself.
document.addEventListener("htmx:xhr:progress", (event) => {
  const bar = event.target.closest("[data-papers]")?.querySelector("progress");
  if (!bar || !event.detail.lengthComputable) return;
  bar.hidden = false;
  bar.value = (100 * event.detail.loaded) / event.detail.total;
});
document.addEventListener("htmx:beforeSwap", (event) => {
  const dialog = event.detail.requestConfig.elt.closest("dialog[open]");
  if (dialog) dialog.close();
});
