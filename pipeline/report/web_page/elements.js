const byId = (id) => document.getElementById(id);
const SVG = document.querySelector("svg").namespaceURI;

/** An element with properties and children; text is always text, never markup. */
function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "style") Object.assign(element.style, value);
    else if (name.includes("-") || name === "scope" || name === "colspan") element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

function drawing(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** A row of a table; cells may be texts or elements, `numbers` tells which are right-aligned. */
function row(cells, numbers = [], tag = "td") {
  return make("tr", {}, ...cells.map((cell, n) => {
    const td = make(tag, numbers.includes(n) ? { className: "n" } : {});
    if (tag === "th") td.scope = "col";
    td.append(cell);
    return td;
  }));
}

function table(heads, rows, numbers = []) {
  return make("div", { className: "scroll" }, make("table", { className: "small" },
    make("thead", {}, row(heads, numbers, "th")),
    make("tbody", {}, ...rows.map((cells) => row(cells, numbers)))));
}

function dot(verdict) {
  return make("i", { className: "dot", style: { background: verdict < 0 ? "#ffffff" : DATA.verdicts[verdict].color } });
}
