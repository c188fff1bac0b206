const INK = "#1f2328", ACCENT = "#8a3200", PAPER = "#ffffff", NO_DATA = "#f3f3f3", PAPERWORK = "#0b6e6e";
const DOT = 6;  // below so many pixels a change is a dot
const CROWD = 4000;  // more dots than this are squares, which a processor fills faster

const townPaths = TOWN_SHAPES.map(pathOf);
const hatch = hatched();

function pathOf(rings) {
  const path = new Path2D();
  for (const ring of rings) {
    path.moveTo(ring[0], ring[1]);
    for (let i = 2; i < ring.length; i += 2) path.lineTo(ring[i], ring[i + 1]);
    path.closePath();
  }
  return path;
}

function hatched() {
  const tile = make("canvas", { width: 8, height: 8 });
  const stroke = tile.getContext("2d");
  stroke.fillStyle = NO_DATA;
  stroke.fillRect(0, 0, 8, 8);
  stroke.strokeStyle = "#c9ced4";
  stroke.beginPath();
  for (const shift of [-8, 0, 8]) {
    stroke.moveTo(shift, 8);
    stroke.lineTo(shift + 8, 0);
  }
  stroke.stroke();
  return pen.createPattern(tile, "repeat");
}

function drawMap() {
  const { sharp, k } = view;
  pen.setTransform(sharp, 0, 0, sharp, 0, 0);
  pen.clearRect(0, 0, view.width, view.height);
  drawTowns();
  drawGround(state.change);
  drawApprovals();
  drawChanges();
  drawSelected();
  drawLabels();
  drawScale(k);
}

/** Draw in decimetres of the ground; lines are given in pixels. */
function onGround(draw) {
  const { sharp, k } = view;
  pen.save();
  pen.setTransform(sharp * k, 0, 0, -sharp * k, sharp * toX(0), sharp * toY(0));
  draw(1 / k);
  pen.restore();
}

/** How strongly the townships are coloured: fully for the county, faintly near a change. */
function strength() {
  const near = Math.log2(view.k / view.least) / 3.5;
  return 1 - 0.78 * Math.min(Math.max(near - 0.25, 0), 1);
}

/** Of a selected township the changes matter, not its colour; the others step back. */
function veil(i) {
  if (state.town < 0) return 1;
  return i === state.town ? 0.26 : 0.5;
}

function drawTowns() {
  const alpha = strength();
  onGround((px) => {
    pen.lineJoin = "round";
    DATA.towns.forEach((town, i) => {
      pen.globalAlpha = Math.min(alpha, veil(i));
      pen.fillStyle = town.level === null ? NO_DATA : DATA.classes[town.level].fill;
      pen.fill(townPaths[i], "evenodd");
    });
    pen.globalAlpha = 1;
    outline(() => true, alpha < 0.6 || state.town >= 0 ? "#aab1b9" : PAPER, 1.2 * px);
    outline((town) => town.over, ACCENT, 2 * px);
    outline((_, i) => i === state.town, INK, 3 * px);
  });
  DATA.towns.forEach((town, i) => {
    if (town.level !== null) return;
    pen.save();
    const path = new Path2D();
    path.addPath(townPaths[i], { a: view.k, d: -view.k, e: toX(0), f: toY(0) });
    pen.globalAlpha = Math.min(alpha, veil(i));
    pen.fillStyle = hatch;
    pen.fill(path, "evenodd");
    pen.restore();
  });
}

function outline(wanted, color, width) {
  pen.strokeStyle = color;
  pen.lineWidth = width;
  DATA.towns.forEach((town, i) => wanted(town, i) && pen.stroke(townPaths[i]));
}

const inView = (box, at = 0) => {
  const room = 8 / view.k;
  return box[at] <= groundX(view.width) + room && box[at + 2] >= groundX(0) - room
    && box[at + 1] <= groundY(0) + room && box[at + 3] >= groundY(view.height) - room;
};

function trace(rings) {
  pen.beginPath();
  for (const ring of rings) {
    pen.moveTo(toX(ring[0]), toY(ring[1]));
    for (let i = 2; i < ring.length; i += 2) pen.lineTo(toX(ring[i]), toY(ring[i + 1]));
    pen.closePath();
  }
}

/** The approvals: all where they are asked for, else those of the selected change. */
function drawApprovals() {
  const mine = state.change < 0 ? [] : CHANGES.coverage[state.change].map(([n]) => APPROVALS[n]);
  pen.strokeStyle = PAPERWORK;
  pen.lineWidth = 1.3;
  pen.setLineDash([5, 3]);
  for (const approval of state.approvals ? APPROVALS : mine) {
    if (!inView(approval.box)) continue;
    trace(approval.shape);
    pen.stroke();
  }
  pen.setLineDash([]);
}

/** Changes in view, sorted into dots and shapes by verdict; the gravest are drawn last. */
function drawChanges() {
  const dots = [[], [], [], [], []], shapes = [[], [], [], [], []];
  let many = 0;
  for (let i = 0; i < COUNT; i++) {
    if (!MATCH[i] || !inView(BOXES, i * 4) || (onMap.drawn && i === state.change)) continue;
    const side = Math.max(BOXES[i * 4 + 2] - BOXES[i * 4], BOXES[i * 4 + 3] - BOXES[i * 4 + 1]) * view.k;
    (side < DOT ? dots : shapes)[CHANGES.verdict[i] < 0 ? 4 : CHANGES.verdict[i]].push(i);
    many++;
  }
  for (const verdict of [4, 3, 2, 1, 0]) {
    const color = verdict === 4 ? PAPER : DATA.verdicts[verdict].color;
    shapes[verdict].forEach((i) => drawShape(SHAPES[i], color));
    drawDots(dots[verdict], color, many > CROWD, verdict < 2);
  }
}

function drawShape(rings, color) {
  trace(rings);
  pen.fillStyle = color;
  pen.globalAlpha = 0.72;
  pen.fill("evenodd");
  pen.globalAlpha = 1;
  pen.strokeStyle = color;
  pen.lineWidth = 1.4;
  pen.stroke();
}

function drawDots(list, color, crowded, grave) {
  const near = Math.min(Math.max(Math.log2(view.k / view.least), 0), 3) / 3;
  const half = crowded ? 1.5 : Math.round(((grave ? 3.2 : 1.7) + near * 1.4) * 5) / 5;
  const at = (i, box) => [toX((BOXES[i * 4] + BOXES[i * 4 + 2]) / 2), toY((BOXES[i * 4 + 1] + BOXES[i * 4 + 3]) / 2)];
  if (crowded) {
    pen.fillStyle = color;
    for (const i of list) {
      const [x, y] = at(i);
      pen.fillRect(x - half, y - half, 2 * half, 2 * half);
    }
    return;
  }
  const sprite = dotSprite(color, half, grave ? 1.3 : 0.6);
  const side = sprite.width / view.sharp;
  for (const i of list) {
    const [x, y] = at(i);
    pen.drawImage(sprite, x - side / 2, y - side / 2, side, side);
  }
}

const sprites = new Map();
function dotSprite(color, half, ring) {
  const key = `${color} ${half} ${view.sharp}`;
  if (!sprites.has(key)) {
    const side = Math.ceil((2 * half + 4) * view.sharp);
    const sprite = make("canvas", { width: side, height: side });
    const brush = sprite.getContext("2d");
    brush.arc(side / 2, side / 2, half * view.sharp, 0, 7);
    brush.fillStyle = color;
    brush.strokeStyle = PAPER;
    brush.lineWidth = ring * view.sharp;
    brush.fill();
    brush.stroke();
    sprites.set(key, sprite);
  }
  return sprites.get(key);
}

function drawSelected() {
  const i = state.change;
  if (i < 0) return;
  const box = boxOf(i);
  trace(SHAPES[i]);
  for (const [color, width] of [[PAPER, 5], [INK, 2.4]]) {
    pen.strokeStyle = color;
    pen.lineWidth = width;
    pen.stroke();
  }
  const side = Math.max(box[2] - box[0], box[3] - box[1]) * view.k;
  if (side > 24) return;
  for (const [color, width] of [[PAPER, 5], [INK, 2.2]]) {
    pen.beginPath();
    pen.arc(toX((box[0] + box[2]) / 2), toY((box[1] + box[3]) / 2), 14, 0, 7);
    pen.strokeStyle = color;
    pen.lineWidth = width;
    pen.stroke();
  }
}

/** The image of the later date on the map, under the outline of the selected change. */
function drawGround(i) {
  const chip = i < 0 ? null : DATA.chips[CHANGES.id[i]];
  onMap.drawn = false;
  if (!chip || !chip[1]) return;
  if (onMap.change !== i) {
    onMap.change = i;
    onMap.image = new Image();
    onMap.image.onload = redraw;
    onMap.image.src = `data:image/jpeg;base64,${chip[1]}`;
  }
  const [west, south, east, north] = chip[2];
  if (onMap.image.complete && (east - west) * view.k > 40) {
    onMap.drawn = true;
    pen.drawImage(onMap.image, toX(west), toY(north), (east - west) * view.k, (north - south) * view.k);
    pen.strokeStyle = PAPER;
    pen.lineWidth = 2;
    pen.strokeRect(toX(west), toY(north), (east - west) * view.k, (north - south) * view.k);
  }
}
const onMap = { change: -1, image: null, drawn: false };

/** Names and ratios, where they do not cover one another; the ranking decides who comes first. */
function drawLabels() {
  const placed = [];
  const faint = strength() < 0.6 || state.town >= 0;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.lineJoin = "round";
  DATA.towns.forEach((town) => {
    if (!town.label) return;
    const [x, y] = [toX(town.label[0]), toY(town.label[1])];
    const lines = [town.name, town.level === null ? word("noRatio") : town.text];
    pen.font = labelFont(12.5, true);
    const half = Math.max(...lines.map((line) => pen.measureText(line).width)) / 2 + 3;
    const box = [x - half, y - 17, x + half, y + 17];
    if (placed.some((other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1])) return;
    placed.push(box);
    const level = town.level === null || faint ? null : DATA.classes[town.level];
    label(lines[0], x, y - 8, 12.5, town.over, level);
    label(lines[1], x, y + 8, 12, town.over, level);
  });
}

function labelFont(size, heavy) {
  return `${heavy ? "600 " : ""}${size}px ${FAMILY}`;
}

const FAMILY = getComputedStyle(document.body).fontFamily;

function label(line, x, y, size, heavy, level) {
  pen.font = labelFont(size, heavy);
  pen.strokeStyle = level ? level.fill : PAPER;
  pen.fillStyle = level ? level.ink : heavy ? ACCENT : INK;
  pen.lineWidth = 4;
  pen.strokeText(line, x, y);
  pen.fillText(line, x, y);
}

function drawScale(k) {
  const metres = [1, 2, 5].flatMap((n) => [1, 10, 100, 1000, 10000].map((ten) => n * ten)).sort((a, b) => a - b);
  const fit = metres.filter((m) => m * 10 * k <= 130).pop() || 1;
  const [name, bar] = byId("scale").children;
  const far = fit >= 1000;
  name.textContent = `${far ? fit / 1000 : fit} ${state.language === "zh" ? (far ? "千米" : "米") : (far ? "km" : "m")}`;
  bar.style.width = `${fit * 10 * k}px`;
}
