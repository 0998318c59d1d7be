// Where the panels of a picture go: side by side where there is room, and those with a height in rows of their own.

const GAP = 10; // CSS pixels between panels

const LOW = 100; // CSS pixels of height up to which what stands above panels stays in sight with them

const LEAST = 170; // CSS pixels of height below which a panel cannot be read
const READABLE = 200; // and that it has rather than that the words below the picture are in sight too
const BELOW = 90; // CSS pixels of height of these words

const LEAST_BESIDE = 300; // CSS pixels of width that panels beside a network have at least

/** The boxes of these panels (objects of kinds.js), undefined for a panel of HTML or one that is folded, and the height of the
 * canvas. `seen`: CSS pixels of width that are in sight; what needs more, and only that, is scrolled sideways. `room`: CSS pixels
 * of height that are in sight beside the controls; panels side by side become that low, if they stay readable. */
export function layoutOf(panels, spec, seen, room = Infinity) {
  const boxes = panels.map(() => undefined);
  const drawn = panels.map((panel, k) => ({ panel, k })).filter(({ panel }) => !panel.element && !panel.folded);
  const groups = groupsOf(drawn, seen);
  const beside = besideOf(groups, spec, seen, room);
  if (beside) return beside(boxes);
  let top = 0;
  for (const group of groups) {
    const width = Math.max(seen, ...group.map(({ panel }) => panel.leastWidth ?? 0));
    const arranged = spec.arrangement?.places.length === group.length && width >= spec.arrangement.least;
    const grid = arranged ? arrangedOf : gridOf;
    const places = group[0].own ? [{ left: 0, top: 0, width, height: group[0].own }] : grid(group, spec, width, room - (top < LOW ? top : 0));
    places.forEach((box, i) => { boxes[group[i].k] = { ...box, top: box.top + top }; });
    top += Math.max(...places.map((box) => box.top + box.height)) + GAP;
  }
  const width = Math.max(seen, ...boxes.map((box) => (box ? box.left + box.width : 0)));
  return { boxes, width, height: Math.max(1, top - GAP) };
}

/** Panels and below them a network, in a window that is too low for both and wide enough: the network goes to their right, and
 * they stand below each other. Gives what puts the boxes, or undefined. */
function besideOf([group, [network] = [], ...more], spec, seen, room) {
  const least = network?.panel.leastWidth;
  if (!least || more.length || group[0].own || spec.arrangement || spec.main) return undefined;
  const width = seen - least - GAP;
  const usual = gridOf(group, spec, seen, room).at(-1);
  if (width < LEAST_BESIDE || usual.top + usual.height + GAP + network.own <= room) return undefined;
  const each = Math.round(Math.max(LEAST, Math.min(width * spec.ratio, room / group.length - GAP)));
  const height = Math.max(group.length * (each + GAP) - GAP, network.own);
  return (boxes) => {
    group.forEach(({ k }, row) => { boxes[k] = { left: 0, top: row * (each + GAP), width, height: each }; });
    boxes[network.k] = { left: width + GAP, top: Math.round((height - network.own) / 2), width: least, height: network.own };
    return { boxes, width: seen, height };
  };
}

/** Neighbours without a height of their own belong together. */
function groupsOf(drawn, width) {
  const groups = [];
  for (const { panel, k } of drawn) {
    const own = panel.height?.(width) ?? panel.panel.height;
    if (!own && groups.length && !groups.at(-1)[0].own) groups.at(-1).push({ panel, k });
    else groups.push([{ panel, k, own }]);
  }
  return groups;
}

/** Where there is room for it: each panel on so many of the columns and rows that the description says. */
function arrangedOf(group, { arrangement: { grid: [columns, rows], places, ratio, lowest } }, width, room) {
  const height = Math.round(Math.max(lowest, Math.min(width * ratio, 440, room)));
  return places.map(([column, row, wide, high]) => ({
    left: Math.round((column * width) / columns), top: Math.round((row * height) / rows),
    width: Math.floor((wide * width) / columns), height: Math.floor((high * height) / rows),
  }));
}

function gridOf(group, { columns, ratio, narrowest }, width, room) {
  // As many columns as wished for, as long as a panel keeps a readable width.
  let across = Math.min(columns, group.length);
  const least = narrowest ?? (group.length > 3 ? 150 : 260);
  while (across > 1 && (width - GAP * (across - 1)) / across < least) across -= 1;
  // The last row is full, or its panels may be wider than the others.
  const rest = () => group.length % across;
  while (rest() && !group.slice(-rest()).every(({ panel }) => panel.wide)) across -= 1;
  const lastFull = group.length - rest();
  const lastWidth = Math.floor((width - GAP * (rest() - 1)) / (rest() || 1));
  const panelWidth = Math.floor((width - GAP * (across - 1)) / across);
  const rows = Math.ceil(group.length / across);
  const inSight = (room - GAP * (rows - 1)) / rows;
  const lowest = Math.max(LEAST, Math.min(READABLE, inSight + BELOW / rows), ...group.map(({ panel }) => panel.leastHeight ?? 0));
  const height = Math.round(Math.max(lowest, Math.min(panelWidth * ratio, 430, inSight)));
  return group.map((_, k) => {
    const own = k < lastFull ? panelWidth : lastWidth;
    return { left: (k % across) * (own + GAP), top: Math.floor(k / across) * (height + GAP), width: own, height };
  });
}
