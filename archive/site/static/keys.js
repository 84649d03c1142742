// "/" goes to the search box; "n" and "p" walk through the cells that do not add up.
let at = -1;
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
  if (event.key === "/") {
    event.preventDefault();
    document.getElementById("q").focus();
  } else if (event.key === "n" || event.key === "p") {
    const cells = [...document.querySelectorAll("td[id^='cell-']")];
    if (!cells.length) return;
    at = (at + (event.key === "n" ? 1 : cells.length - 1)) % cells.length;
    cells[Math.max(at, 0)].focus();
    cells[Math.max(at, 0)].scrollIntoView({ block: "center" });
  }
});
