// Draws each figure[data-chart] from the points in its attributes. The same numbers stand in the table beside it.
import { axisX, axisY, dot, gridY, lineY, plot, pointerX, text, tip } from "/nianbao/plot.min.js";

const COLOURS = matchMedia("(prefers-color-scheme: dark)").matches
  ? ["#ec8a7d", "#e6ba6e", "#86cba3", "#8fb4ea", "#b9a8e0"] : ["#8a1c14", "#a8562a", "#2f6f4f", "#4a6fa5", "#6b5b95"];
const HEIGHT = 260, TOP = 24, BOTTOM = 30, LINE = 14;

// Names at the ends of the lines, moved apart where they would lie on one another.
function ends(points, most) {
  const down = (value) => (HEIGHT - TOP - BOTTOM) * (1 - Math.log1p(value) / Math.log1p(most));
  const last = [...new Map(points.map((p) => [p.level, p])).values()].sort((a, b) => b.value - a.value);
  let free = -Infinity;
  return last.map((p) => {
    const at = Math.max(down(p.value), free);
    free = at + LINE;
    return text([p], { x: "year", y: "value", text: "name", fill: "level", textAnchor: "start", dx: 8, dy: at - down(p.value) });
  });
}

function trend(figure) {
  const labels = JSON.parse(figure.dataset.labels);
  const points = JSON.parse(figure.dataset.points).map((p) => ({ ...p, name: labels[p.level] ?? p.level }));
  const years = [...new Set(points.map((p) => p.year))].sort();
  const step = Math.ceil(years.length * 38 / figure.clientWidth);
  const most = 1.05 * Math.max(1, ...points.map((p) => p.value));
  const ticks = [0, 1, 10, 100, 1000, 10_000, 100_000].filter((tick) => tick <= most);
  const shared = { x: "year", y: "value", stroke: "level" };
  return plot({
    width: figure.clientWidth, height: HEIGHT, marginTop: TOP, marginBottom: BOTTOM, marginRight: 64, marginLeft: 48,
    style: { background: "transparent", fontFamily: "inherit", fontSize: "12px" },
    x: { type: years.length > 1 ? "linear" : "point", ticks: years.length > 1 ? undefined : years },
    y: { type: "symlog", label: null, domain: [0, most] },
    color: { domain: Object.keys(labels), range: COLOURS },
    marks: [
      gridY(ticks, { strokeOpacity: 0.12 }),
      axisY(ticks, { label: figure.dataset.y, labelArrow: false, tickSize: 0, tickFormat: (n) => n.toLocaleString() }),
      axisX(years.filter((_, n) => !((years.length - 1 - n) % step)), { label: null, tickSize: 0, tickFormat: String }),
      lineY(points, { ...shared, strokeWidth: 2 }), dot(points, { ...shared, fill: "level", r: 2.5 }),
      ...ends(points, most),
      tip(points, pointerX({ ...shared, title: (p) => `${p.name} ${p.year}: ${p.value.toFixed(1)} ${figure.dataset.y} (${p.reports})` })),
    ],
  });
}

function draw(figure) {
  if (!JSON.parse(figure.dataset.points).length) return;
  const chart = trend(figure);
  for (const group of chart.querySelectorAll("g[aria-label]")) group.removeAttribute("aria-label");
  chart.setAttribute("role", "img");
  chart.setAttribute("aria-label", figure.closest("section").querySelector("h2").textContent);
  figure.replaceChildren(chart);
}

for (const figure of document.querySelectorAll("figure[data-chart]")) {
  draw(figure);
  new ResizeObserver(() => requestAnimationFrame(() => draw(figure))).observe(figure.parentElement);
}
