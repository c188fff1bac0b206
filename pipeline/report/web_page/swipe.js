// Before and after, one over the other, parted by a line that mouse, finger and arrow keys move.

function swipe(i) {
  const chip = DATA.chips[CHANGES.id[i]];
  if (!chip) {
    const grave = CHANGES.verdict[i] === ILLEGAL || CHANGES.verdict[i] === DOUBTFUL;
    return make("p", { className: "no-image" }, !DATA.imagery ? word("noImagery") : grave ? word("notCovered") : word("noChip"));
  }
  const [before, after, box] = chip;
  const dates = [text(CHANGES.facts[i][1]), text(CHANGES.facts[i][2])].map((date) => date || word("noImageDate"));
  const frame = make("div", { className: "swipe", style: { aspectRatio: `${box[2] - box[0]} / ${box[3] - box[1]}` } });
  const over = picture(after, box, i, `${word("after")} ${dates[1]}`, "after");
  const handle = make("i", { className: "handle" });
  const range = make("input", { type: "range", min: "0", max: "100", value: "50", "aria-label": word("swipe") });
  const part = () => {
    over.style.clipPath = `inset(0 0 0 ${range.value}%)`;
    handle.style.left = `${range.value}%`;
  };
  range.addEventListener("input", part);
  frame.append(picture(before, box, i, `${word("before")} ${dates[0]}`, "before"), over, handle, range);
  part();
  return frame;
}

function picture(jpeg, box, i, caption, side) {
  const image = jpeg
    ? make("img", { src: `data:image/jpeg;base64,${jpeg}`, alt: caption })
    : make("span", { className: "blank" }, word("notCovered"));
  const [wide, high] = [box[2] - box[0], box[3] - box[1]];
  const lines = SHAPES[i].map((ring) => {
    let way = "";
    for (let n = 0; n < ring.length; n += 2) {
      way += `${n ? "L" : "M"}${(ring[n] - box[0]).toFixed(0)} ${(box[3] - ring[n + 1]).toFixed(0)}`;
    }
    return `${way}Z`;
  }).join("");
  const outline = drawing("svg", { viewBox: `0 0 ${wide} ${high}`, preserveAspectRatio: "none", "aria-hidden": "true" },
    ...[["#ffffff", 4.5], [side === "after" ? "#e4571b" : "#f2c230", 2.2]].map(([stroke, width]) => drawing("path", {
      d: lines, fill: "none", stroke, "stroke-width": width, "stroke-linejoin": "round", "vector-effect": "non-scaling-stroke",
    })));
  return make("figure", { className: side }, image, outline, make("figcaption", {}, caption));
}
