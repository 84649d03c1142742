// Clicks what turns a list to the page with this number; true when there was such a thing to click.
(number) => {
  const words = e => (e.textContent || '').replace(/\s+/g, '');
  const dead = e => e.disabled || e.hidden || e.getAttribute('aria-disabled') === 'true'
    || /disabl|unable|noclick/i.test(`${e.className} ${(e.closest('li') || e).className}`)
    || getComputedStyle(e).display === 'none';
  const all = [...document.querySelectorAll('a, button, li, span, div, input')]
    .filter(e => !e.children.length || e.tagName === 'A');
  const named = all.filter(e => e.title === '下一页'
    || /^(下一页|下页|后一页|下一頁|Next|next|nextpage)[>›»]*$/.test(words(e) || String(e.value || '')));
  const numbered = all.filter(e => words(e) === String(number) && e.closest('[class*=pag i], [id*=pag i]'));
  const found = (named.length ? named : numbered).find(e => !dead(e));
  if (found) found.click();
  return Boolean(found);
}
