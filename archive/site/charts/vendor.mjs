// What charts.js uses of Observable Plot and d3; `make charts` bundles it into plot.min.js.
export { axisX, axisY, dot, gridY, lineY, plot, pointerX, text, tip } from "@observablehq/plot";
