// Running clocks count without reloading, by the server's time, not the device's.
import { eachNew } from "./dom.js";
import { say } from "./strings.js";

const SECONDS_SHOWN_BELOW = 300;
const clocks = new Set();
const offset = serverOffset();
let timer = 0;

function serverOffset() {
  const told = Date.parse(document.documentElement.dataset.now);
  const [visit] = performance.getEntriesByType("navigation");
  if (!told || !visit) return 0;
  // A page out of the browser's cache tells an old time: use what was learnt from the last fresh one.
  if (visit.type === "back_forward" || visit.transferSize === 0) {
    return Number(sessionStorage.getItem("clock-offset")) || 0;
  }
  const difference = told - (performance.timeOrigin + visit.responseStart);
  sessionStorage.setItem("clock-offset", String(difference));
  return difference;
}

export function duration(milliseconds) {
  const seconds = Math.floor(Math.abs(milliseconds) / 1000);
  const minutes = Math.floor(seconds / 60);
  const parts = { days: Math.floor(minutes / 1440), hours: Math.floor((minutes % 1440) / 60), minutes: minutes % 60, seconds: seconds % 60 };
  if (parts.days) return say(parts.hours ? "days_hours" : "days", parts);
  if (parts.hours) return say(parts.minutes ? "hours_minutes" : "hours", parts);
  if (milliseconds > 0 && minutes && seconds < SECONDS_SHOWN_BELOW) return say("minutes_seconds", parts);
  return parts.minutes ? say("minutes", parts) : say("moment");
}

export function level(now, due, warn) {
  if (now >= due) return "red";
  return warn && now >= warn ? "amber" : "green";
}

function show(clock, now) {
  const time = clock.querySelector("time[data-due]");
  const due = Date.parse(time.dataset.due);
  const left = due - now;
  const words = say(left > 0 ? "left" : "overdue", { time: duration(left) });
  if (time.textContent !== words) time.textContent = words;
  const name = `clock--${level(now, due, Date.parse(time.dataset.warn))}`;
  if (!clock.classList.contains(name)) {
    clock.classList.remove("clock--green", "clock--amber", "clock--red");
    clock.classList.add(name);
  }
  return left;
}

function tick() {
  clearTimeout(timer);
  const now = Date.now() + offset;
  let next = 10000;
  clocks.forEach((clock) => {
    if (!clock.isConnected) {
      clocks.delete(clock);
      return;
    }
    const left = show(clock, now);
    if (left > 0 && left < (SECONDS_SHOWN_BELOW + 10) * 1000) next = 1000;
  });
  if (clocks.size && !document.hidden) timer = setTimeout(tick, next);
}

eachNew("[data-clock]", (clock) => {
  clocks.add(clock);
  clearTimeout(timer);
  timer = setTimeout(tick, 0);
});
document.addEventListener("visibilitychange", tick);
