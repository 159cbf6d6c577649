// Remembers where somebody stopped in a video. The element says: data-place-url (takes position, in seconds), data-place.
import { csrfToken } from "./dom.js";

const EVERY = 15;

export function upgrade(video) {
  let kept = Number(video.dataset.place) || 0;
  const begin = () => {
    if (kept > 5 && kept < video.duration - 5) video.currentTime = kept;
  };
  const keep = () => {
    const position = Math.floor(video.currentTime);
    if (Math.abs(position - kept) < 1) return;
    kept = position;
    const body = new URLSearchParams({ position });
    fetch(video.dataset.placeUrl, { method: "POST", body, headers: { "X-CSRFToken": csrfToken() }, keepalive: true }).catch(() => {});
  };
  if (video.readyState > 0) begin();
  else video.addEventListener("loadedmetadata", begin, { once: true });
  video.addEventListener("timeupdate", () => Math.abs(video.currentTime - kept) >= EVERY && keep());
  video.addEventListener("pause", keep);
  addEventListener("pagehide", keep);
}
