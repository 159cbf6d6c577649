// Draws ECharts options; the page loads this and ECharts only where there are charts.
import { eachNew } from "./dom.js";
import { say } from "./strings.js";

const calm = matchMedia("(prefers-reduced-motion: reduce)");
const charts = new Map();

function css(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function look() {
  const axis = { axisLine: { lineStyle: { color: css("--line-strong") } }, axisLabel: { color: css("--ink-2") }, splitLine: { lineStyle: { color: css("--line") } }, nameTextStyle: { color: css("--ink-2") } };
  return {
    color: [css("--accent-text"), css("--warn-text"), css("--good-text"), css("--info-text"), css("--bad-text"), css("--ink-3")],
    backgroundColor: "transparent",
    textStyle: { color: css("--ink"), fontFamily: css("--tblr-font-sans-serif") },
    legend: { textStyle: { color: css("--ink") } },
    categoryAxis: axis,
    valueAxis: axis,
    timeAxis: axis,
  };
}

function draw(holder) {
  const option = JSON.parse(document.getElementById(holder.dataset.chart).textContent);
  if (charts.has(holder)) charts.get(holder).dispose();
  const chart = globalThis.echarts.init(holder, look(), { renderer: "svg" });
  // Rich text, not HTML: our content policy forbids the inline styles of HTML tooltips.
  const tooltip = { confine: true, ...option.tooltip, renderMode: "richText" };
  chart.setOption({ animation: !calm.matches, aria: { enabled: true }, ...option, tooltip });
  chart.on("click", (point) => {
    if (point.data && point.data.url) location.assign(point.data.url);
  });
  charts.set(holder, chart);
}

eachNew("[data-chart]", (holder) => {
  if (!globalThis.echarts) {
    holder.textContent = say("chart_failed");
    return;
  }
  draw(holder);
  new ResizeObserver(() => charts.get(holder).resize()).observe(holder);
});
document.addEventListener("theme:changed", () => charts.forEach((chart, holder) => draw(holder)));
