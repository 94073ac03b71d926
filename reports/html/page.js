// What the page adds where scripts run: sortable tables and live charts. Without
// it everything is readable all the same.
(function () {
  'use strict';
  var words = JSON.parse(document.getElementById('words').textContent);

  // Sorting: cells carry data-v where the text does not tell the order, or data-none
  // for no value; rows without a value stay at the end, equal rows keep their order.
  var collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
  document.querySelectorAll('table.sortable').forEach(function (table) {
    var body = table.tBodies[0], heads = table.querySelectorAll('thead th[data-column]');
    var rows = Array.prototype.slice.call(body.rows);
    heads.forEach(function (head) {
      var button = document.createElement('button');
      button.type = 'button';
      button.setAttribute('aria-label', words.sort);
      head.appendChild(button);
      head.addEventListener('click', function () {
        var up = head.getAttribute('aria-sort') !== 'ascending', column = Number(head.dataset.column);
        heads.forEach(function (h) { h.removeAttribute('aria-sort'); });
        head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
        var keys = new Map(rows.map(function (row, place) {
          var cell = row.cells[column];
          var number = head.classList.contains('n') || cell.hasAttribute('data-v');
          var v = cell.dataset.v || cell.textContent;
          if (number) v = Number(v.replace(/[^\d.\-\u2212e+]/g, '').replace('\u2212', '-'));
          return [row, { none: cell.classList.contains('none'), v: v, number: number, place: place }];
        }));
        rows.slice().sort(function (a, b) {
          var x = keys.get(a), y = keys.get(b);
          if (x.none !== y.none) return x.none ? 1 : -1;
          var order = x.none ? 0 : x.number ? x.v - y.v : collator.compare(x.v, y.v);
          return (up ? order : -order) || x.place - y.place;
        }).forEach(function (row) { body.appendChild(row); });
      });
    });
  });

  // Links into a closed part open it.
  function reveal() {
    var target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (var node = target; node; node = node.parentElement) if (node.tagName === 'DETAILS') node.open = true;
    if (target) target.scrollIntoView();
  }
  addEventListener('hashchange', reveal);
  reveal();

  // Live charts, made when they come into view. On a narrow screen the picture,
  // which scrolls sideways, reads better.
  if (!document.getElementById('library') || !window.DecompressionStream) return;
  function unpack(id) {
    var text = atob(document.getElementById(id).textContent), bytes = new Uint8Array(text.length);
    for (var i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'))).text();
  }
  var options;
  function link(option, params) {
    if (params.data && params.data.link) return params.data.link;
    var axis = params.componentType === 'yAxis' ? option.yAxis : params.componentType === 'xAxis' ? option.xAxis : null;
    if (!axis || !axis.data) return '';
    var hit = axis.data.filter(function (d) { return d && d.value === params.value; })[0];
    return hit && hit.link || '';
  }
  function draw(figure) {
    var box = figure.querySelector('.live');
    if (figure.clientWidth < Number(box.dataset.least)) return;
    var option = options[figure.id];
    figure.classList.add('on');
    box.style.height = box.dataset.height + 'px';
    try {
      var chart = echarts.init(box, null, { renderer: 'svg' });
      chart.setOption(prepareOption(option));
      chart.on('click', function (params) {
        var to = link(option, params);
        if (to) location.hash = to;
      });
      new ResizeObserver(function () { if (box.clientWidth) chart.resize(); }).observe(box);
    } catch (e) {
      figure.classList.remove('on');
      console.error(e);
    }
  }
  var seen = new IntersectionObserver(function (entries) {
    entries.forEach(function (entry) {
      if (!entry.isIntersecting) return;
      seen.unobserve(entry.target);
      draw(entry.target);
    });
  }, { rootMargin: '200px' });
  // The library becomes a script of the page, whose policy names its hash.
  Promise.all([unpack('library'), unpack('options')]).then(function (parts) {
    var library = document.createElement('script');
    library.textContent = parts[0];
    document.head.appendChild(library);
    options = JSON.parse(parts[1]);
    document.querySelectorAll('figure.has-live').forEach(function (figure) { seen.observe(figure); });
  }).catch(function (e) { console.error(e); });
})();
