// The functions that options name. The same file draws the printed picture and
// the live chart; options themselves are data, so nothing from a department's
// name can ever run. prepareOption replaces {"$function": NAME, …} by the
// function that NAME makes from the rest of the object.
(function (root) {
  'use strict';

  // Unquoted on purpose: the names stand inside an attribute of the picture.
  var FAMILY = 'Report Sans, Noto Sans SC, Source Han Sans SC, Microsoft YaHei, PingFang SC, sans-serif';

  function escape(text) {
    return String(text).replace(/[&<>"']/g, function (c) {
      return { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }[c];
    });
  }

  function text(x, y, cell) {
    return {
      type: 'text',
      silent: true,
      style: {
        x: x, y: y, text: cell.text, fill: cell.color, fontFamily: FAMILY, fontSize: cell.size || 12,
        fontWeight: cell.bold ? 'bold' : 'normal', align: cell.align || 'left', verticalAlign: 'middle',
        lineHeight: cell.lineHeight || 15
      }
    };
  }

  function line(x1, y1, x2, y2, color, width) {
    return { type: 'line', silent: true, shape: { x1: x1, y1: y1, x2: x2, y2: y2 }, style: { stroke: color, lineWidth: width, fill: 'none' } };
  }

  function inside(area, x) {
    return Math.min(Math.max(x, area.x), area.x + area.width);
  }

  var makers = {
    // The box beside the pointer: lines of [label, value] that the item brings.
    tip: function () {
      return function (params) {
        var item = Array.isArray(params) ? params[0] : params;
        var tip = item && item.data && item.data.tip;
        if (!tip) return '';
        return tip.map(function (row, i) {
          return i === 0 ? '<b>' + escape(row[0]) + '</b>'
            : '<span class="tip-row"><span>' + escape(row[0]) + '</span><span>' + escape(row[1]) + '</span></span>';
        }).join('');
      };
    },

    // The label that an item brings, taken literally.
    label: function () {
      return function (params) { return params.data && params.data.text != null ? params.data.text : ''; };
    },

    // Numbers on an axis, short, in one unit: 0.5万, 1.2万; 5k, 12k.
    axis: function (a) {
      return function (value) {
        return String(Math.round(value / a.unit * 1e6) / 1e6).replace('-', '\u2212') + (value === 0 ? '' : a.word);
      };
    },

    // The heading of neighbouring columns above the plot: value [first, last, 0].
    groups: function (a) {
      return function (params, api) {
        var half = api.size([1, 0])[0] / 2, bottom = params.coordSys.y - a.above;
        var x1 = api.coord([api.value(0), 0])[0] - half + 2, x2 = api.coord([api.value(1), 0])[0] + half - 2;
        var item = a.items[params.dataIndex];
        var name = text(item.end ? x2 : x1, bottom - 5, { text: item.text, color: a.color, size: 11, bold: true, lineHeight: 13, align: item.end ? 'right' : 'left' });
        name.style.verticalAlign = 'bottom';
        return { type: 'group', children: [name, line(x1, bottom, x2, bottom, a.color, 1)] };
      };
    },

    // A line from low to high with ends, on a row: value [low, high, row]. With a
    // halo it stands out from dark bars. One that goes on behind the end of a cut
    // axis ends in an arrow there, and one that begins there is not drawn.
    whisker: function (a) {
      return function (params, api) {
        if (a.end != null && api.value(0) > a.end) return null;
        var from = api.coord([api.value(0), api.value(2)]), to = api.coord([api.value(1), api.value(2)]);
        var x1 = inside(params.coordSys, from[0]), x2 = inside(params.coordSys, to[0]), y = from[1], cap = a.cap;
        function strokes(color, width, more) {
          var back = a.end != null && api.value(1) > a.end ? cap : 0;
          var right = back ? [line(x2 - back, y - cap, x2, y, color, width), line(x2 - back, y + cap, x2, y, color, width)] : [line(x2, y - cap - more, x2, y + cap + more, color, width)];
          return [line(x1 - more, y, x2 + more, y, color, width), line(x1, y - cap - more, x1, y + cap + more, color, width)].concat(right);
        }
        var own = strokes(a.color, a.width, 0);
        return { type: 'group', children: a.halo ? strokes(a.halo, a.width + 2.2, 1.1).concat(own) : own };
      };
    },

    // A bar from one value to another on a row: value [from, to, row].
    span: function (a) {
      return function (params, api) {
        var item = a.items[params.dataIndex];
        var from = api.coord([api.value(0), api.value(2)]), to = api.coord([api.value(1), api.value(2)]);
        var left = inside(params.coordSys, Math.min(from[0], to[0])), right = inside(params.coordSys, Math.max(from[0], to[0]));
        var children = [{
          type: 'rect',
          shape: item.tick ? { x: right - 2, y: from[1] - a.height / 2, width: 4, height: a.height }
            : { x: left, y: from[1] - a.height / 2, width: Math.max(right - left, 1), height: a.height },
          style: { fill: item.color, stroke: item.stroke || 'none', lineWidth: item.stroke ? 1 : 0 }
        }];
        if (item.joint != null) {
          var next = api.coord([item.joint, api.value(2) + 1]);
          children.push(line(next[0], from[1] + a.height / 2, next[0], next[1] - a.height / 2, '#9aa5b1', 1));
        }
        return { type: 'group', children: children };
      };
    },

    // Words beside a row: value [any, row]. A cell stands right or left of the
    // plot, or in it.
    words: function (a) {
      return function (params, api) {
        var cells = a.items[params.dataIndex], area = params.coordSys;
        var y = a.header ? area.y - a.header : api.coord([api.value(0), api.value(1)])[1];
        return {
          type: 'group',
          children: cells.map(function (cell) {
            var x = cell.side === 'right' ? area.x + area.width + cell.dx : cell.side === 'left' ? area.x - cell.dx : area.x + cell.dx;
            return text(x, y + (cell.dy || 0), cell);
          })
        };
      };
    },

    // A cell without a number: value [column, row]. Each reason has a pattern of
    // its own, which survives a black-and-white copy.
    state: function (a) {
      return function (params, api) {
        var kind = a.items[params.dataIndex];
        var middle = api.coord([api.value(0), api.value(1)]), size = api.size([1, 1]);
        var w = size[0] - 2, h = size[1] - 2, x = middle[0] - w / 2, y = middle[1] - h / 2;
        var hit = { type: 'rect', shape: { x: x, y: y, width: w, height: h }, style: { fill: '#ffffff', stroke: '#cbd2d9', lineWidth: 1 } };
        var children = [hit];
        if (kind === 'missing') {
          hit.style.stroke = '#1f2933';
          hit.style.fill = '#ffffff';
          children.push(line(x, y, x + w, y + h, '#1f2933', 1), line(x, y + h, x + w, y, '#1f2933', 1));
        } else if (kind === 'not_measured') {
          hit.style.fill = '#f0f2f5';
          hit.style.stroke = 'none';
          for (var i = -1; i <= 1; i++) {
            children.push({ type: 'circle', silent: true, shape: { cx: middle[0] + i * 5, cy: middle[1], r: 1.1 }, style: { fill: '#7b8794' } });
          }
        } else {
          children.push(line(middle[0] - 4, middle[1], middle[0] + 4, middle[1], '#7b8794', 1.2));
        }
        return { type: 'group', children: children };
      };
    }
  };

  function revive(node) {
    if (Array.isArray(node)) return node.map(revive);
    if (!node || typeof node !== 'object') return node;
    if (typeof node.$function === 'string') {
      if (!Object.prototype.hasOwnProperty.call(makers, node.$function)) throw new Error('function ' + node.$function + ' is not known');
      return makers[node.$function](node);
    }
    var out = {};
    Object.keys(node).forEach(function (key) { out[key] = revive(node[key]); });
    return out;
  }

  root.prepareOption = function (option) {
    var out = revive(option);
    out.textStyle = { fontFamily: FAMILY, fontSize: 12, color: '#1f2933' };
    return out;
  };
})(globalThis);
