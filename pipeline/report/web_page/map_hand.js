// Mouse, touch and keys on the map.

const pointers = new Map();
let pressed = null;

/** The change at a place of the map: the one that covers it, else the nearest dot. */
function changeAt(px, py) {
  const x = groundX(px), y = groundY(py), near = 7 / view.k;
  let found = -1, least = near * near;
  for (let i = 0; i < COUNT; i++) {
    const at = i * 4;
    if (!MATCH[i] || BOXES[at] - near > x || BOXES[at + 2] + near < x
      || BOXES[at + 1] - near > y || BOXES[at + 3] + near < y) continue;
    if (inside(SHAPES[i], x, y)) return i;
    const dx = CENTRES[i * 2] - x, dy = CENTRES[i * 2 + 1] - y;
    if (dx * dx + dy * dy < least) {
      least = dx * dx + dy * dy;
      found = i;
    }
  }
  return found;
}

function townAt(px, py) {
  const x = groundX(px), y = groundY(py);
  return TOWN_SHAPES.findIndex((rings, i) => {
    const box = TOWN_BOXES[i];
    return box[0] <= x && x <= box[2] && box[1] <= y && y <= box[3] && inside(rings, x, y);
  });
}

const place = (event) => {
  const box = canvas.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
};

function spread() {
  const [a, b] = [...pointers.values()];
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}

canvas.addEventListener("pointerdown", (event) => {
  canvas.setPointerCapture(event.pointerId);
  pointers.set(event.pointerId, place(event));
  pressed = pointers.size === 1 ? { at: place(event), moved: false } : null;
});

canvas.addEventListener("pointermove", (event) => {
  const here = place(event);
  const before = pointers.get(event.pointerId);
  if (!before) return hover(here);
  if (pointers.size === 2) {
    const apart = spread();
    pointers.set(event.pointerId, here);
    if (apart > 0) zoom(spread() / apart, here[0], here[1]);
    return undefined;
  }
  if (pressed && !pressed.moved) {
    if (Math.hypot(here[0] - pressed.at[0], here[1] - pressed.at[1]) < 4) return undefined;
    pressed.moved = true;
    byId("tip").hidden = true;
    canvas.classList.add("held");
  }
  pointers.set(event.pointerId, here);
  pan(here[0] - before[0], here[1] - before[1]);
  return undefined;
});

for (const kind of ["pointerup", "pointercancel"]) {
  canvas.addEventListener(kind, (event) => {
    pointers.delete(event.pointerId);
    canvas.classList.remove("held");
    if (kind === "pointerup" && pressed && !pressed.moved) tap(...pressed.at);
    pressed = null;
  });
}

function tap(px, py) {
  const change = changeAt(px, py);
  if (change >= 0) return choose({ change });
  const town = townAt(px, py);
  return choose({ town: town === state.town ? -1 : town, change: -1 });
}

function hover([px, py]) {
  const tip = byId("tip");
  const change = changeAt(px, py);
  const town = change < 0 ? townAt(px, py) : -1;
  tip.hidden = change < 0 && town < 0;
  canvas.style.cursor = tip.hidden ? "grab" : "pointer";
  if (tip.hidden) return;
  tip.replaceChildren(...(change >= 0 ? changeTip(change) : townTip(town)));
  tip.style.left = `${Math.min(px + 14, view.width - tip.offsetWidth - 6)}px`;
  tip.style.top = `${Math.min(py + 16, view.height - tip.offsetHeight - 6)}px`;
}

function changeTip(i) {
  return [
    make("b", {}, CHANGES.id[i]),
    make("span", {}, dot(CHANGES.verdict[i]), `${usedName(i)} · ${mu(CHANGES.areas[i][AREA.area])} ${word("mu")}`),
  ];
}

function townTip(i) {
  const town = DATA.towns[i];
  return [
    make("b", {}, town.name),
    make("span", {}, `${word("ratio")} ${town.level === null ? word("noRatioLong") : town.text}`),
    make("span", {}, `${word("flagged")}${word("flaggedOf")} ${town.illegal} / ${town.count}`),
  ];
}

canvas.addEventListener("pointerleave", () => { byId("tip").hidden = true; });

canvas.addEventListener("wheel", (event) => {
  event.preventDefault();
  const lines = event.deltaMode === 1 ? 30 : 1;
  zoom(2 ** (-event.deltaY * lines / 300), ...place(event));
}, { passive: false });

const STEPS = {
  ArrowLeft: () => pan(60, 0), ArrowRight: () => pan(-60, 0),
  ArrowUp: () => pan(0, 60), ArrowDown: () => pan(0, -60),
  "+": () => zoom(1.5), "=": () => zoom(1.5), "-": () => zoom(1 / 1.5), "0": lookAtAll, Home: lookAtAll,
};

canvas.addEventListener("keydown", (event) => {
  const step = STEPS[event.key];
  if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  step();
});

byId("nearer").addEventListener("click", () => zoom(1.6));
byId("farther").addEventListener("click", () => zoom(1 / 1.6));
byId("whole").addEventListener("click", lookAtAll);
byId("approvals").addEventListener("change", (event) => {
  state.approvals = event.target.checked;
  redraw();
});
