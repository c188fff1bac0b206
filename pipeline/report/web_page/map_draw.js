const style = getComputedStyle(document.documentElement);
const [INK, ACCENT, NO_DATA, PAPERWORK] = ["--ink", "--accent", "--no-data", "--paperwork"].map((name) => style.getPropertyValue(name).trim());
const PAPER = "#ffffff";

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
  frame = frameOfView();
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
