// A short text that changes when what can be followed on the page changes: when a list was drawn or turned.
() => {
  const all = [...document.querySelectorAll('a, [onclick], [data-href]')];
  let mark = 0;
  for (const e of all)
    for (const c of `${e.href || e.getAttribute('onclick') || ''} ${e.textContent}`) mark = (mark * 31 + c.codePointAt(0)) | 0;
  return `${all.length}:${mark}`;
}
