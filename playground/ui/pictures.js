// A sheet of pictures with hard pixels. Streamlit calls the default export again
// at every change of data or theme without undoing the former call, so all state
// lives on the root node and mounting twice does nothing.

const GAP = 6; // CSS pixels between pictures, half of it on a narrow screen
const NARROW = 600;
const EXACT = 4; // screen pixels a model pixel from which only whole numbers are taken

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".pictures");
  root.sheet ??= mount(root);
  root.sheet.data = data;
  root.sheet.pick = (index) => setTriggerValue("picked", { index });
  show(root);
  follow(root);
  return () => root.sheet.module?.then(({ leave }) => leave(root), () => {});
}

// Where sliders of the page move these pictures, they move while dragged, too. A
// browser that cannot load that shows what Streamlit sends, as ever.
function follow(root) {
  const { data, cells } = root.sheet;
  if (!data.live) return;
  const live = JSON.parse(data.live);
  root.sheet.module ??= import(`${location.origin}${live.base}/live/web/${live.version}/sheet.js`);
  root.sheet.module.then(({ follow }) => follow(root, cells, live), (error) => console.warn(error.message));
}

function mount(root) {
  const grid = document.createElement("div");
  root.append(grid);
  new ResizeObserver(() => arrange(root)).observe(root);
  root.addEventListener("keydown", (event) => moveFocus(root, event));
  return { grid, cells: [], width: 0, focus: 0 };
}

// Puts the pictures into the sheet; nodes of the former call are used again, so
// that a change of pixels neither flickers nor loses the keyboard's focus.
function show(root) {
  const { data, grid, cells } = root.sheet;
  const tag = data.selectable ? "BUTTON" : "DIV";
  grid.className = data.operators.length ? "sheet middle" : "sheet";
  grid.setAttribute("role", "group");
  grid.setAttribute("aria-label", data.label);
  while (cells.length > data.pictures.length) cells.pop();
  data.pictures.forEach((picture, index) => {
    if (cells[index]?.tagName !== tag) cells[index] = makeCell(root, tag, index);
    const [image, caption] = partsOf(cells[index]);
    if (image.src !== picture.src) image.src = picture.src;
    image.alt = picture.alt;
    image.title = picture.alt;
    caption.textContent = picture.caption;
    caption.hidden = !picture.caption;
  });
  const spoken = JSON.stringify([data.column_headings, data.row_headings, data.operators]);
  if (spoken !== root.sheet.spoken) Object.assign(root.sheet, { spoken, headings: makeHeadings(data) });
  const nodes = inOrder(data, cells, root.sheet.headings);
  const unchanged = nodes.length === grid.children.length && nodes.every((node, index) => node === grid.children[index]);
  if (!unchanged) grid.replaceChildren(...nodes);
  mark(root, data.selected);
  root.sheet.width = 0;
  arrange(root);
}

function makeCell(root, tag, index) {
  const cell = document.createElement(tag);
  cell.className = "picture";
  const caption = document.createElement("span");
  caption.className = "caption";
  const image = document.createElement("img");
  image.draggable = false;
  const frame = document.createElement("span");
  frame.className = "frame";
  frame.append(image);
  cell.append(frame, caption);
  if (tag === "BUTTON") {
    cell.type = "button";
    cell.onclick = () => {
      root.sheet.focus = index;
      mark(root, [index]);
      root.sheet.pick(index);
    };
  }
  return cell;
}

function partsOf(cell) {
  return [cell.querySelector("img"), cell.querySelector(".caption")];
}

function makeHeadings(data) {
  const make = (text, kind) => {
    const heading = document.createElement("span");
    heading.className = `heading ${kind}`;
    heading.textContent = text;
    heading.title = text;
    return heading;
  };
  return {
    corner: document.createElement("span"),
    columns: data.column_headings.map((text) => make(text, "column")),
    rows: data.row_headings.map((text) => make(text, "row")),
    operators: data.operators.map((text) => {
      const operator = make(text, "");
      operator.className = "operator";
      return operator;
    }),
  };
}

function inOrder(data, cells, headings) {
  if (data.operators.length) {
    return cells.flatMap((cell, index) => (headings.operators[index] ? [cell, headings.operators[index]] : [cell]));
  }
  const corner = headings.rows.length ? [headings.corner] : [];
  const nodes = headings.columns.length ? [...corner, ...headings.columns] : [];
  cells.forEach((cell, index) => {
    if (headings.rows.length && index % data.columns === 0) nodes.push(headings.rows[index / data.columns]);
    nodes.push(cell);
  });
  return nodes;
}

// Chooses how many screen pixels a model pixel gets: the largest number that fits
// the width, whole, or half where pictures are small and a half is worth having.
function arrange(root) {
  const { data, grid, cells, width } = root.sheet;
  const available = root.clientWidth - 12;
  if (!cells.length || available <= 0 || available === width) return;
  root.sheet.width = available;
  const hasRows = data.row_headings.length > 0;
  const gap = available < NARROW ? GAP / 2 : GAP;
  const besides = hasRows ? widest(grid.querySelectorAll(".heading.row")) + gap : data.operators.length * 26;
  const parts = data.columns + data.operators.length;
  const fits = (columns) => (available - besides - gap * (parts - 1 - data.columns + columns)) / columns;
  let columns = data.columns;
  const mayWrap = !hasRows && !data.column_headings.length && !data.operators.length;
  const dense = window.devicePixelRatio || 1;
  const least = Math.max(data.smallest, data.width / dense);
  while (mayWrap && columns > 1 && fits(columns) < least) columns -= 1;
  const size = Math.min(data.largest, Math.max(data.smallest, fits(columns)));
  const fitting = (size * dense) / data.width;
  const scale = Math.max(1, fitting < EXACT ? Math.floor(2 * fitting) / 2 : Math.floor(fitting)) / dense;
  const template = hasRows ? `auto repeat(${columns}, auto)` : `repeat(${columns + data.operators.length}, auto)`;
  grid.style.gap = `${gap}px`;
  grid.style.gridTemplateColumns = template;
  for (const cell of cells) {
    const [image, caption] = partsOf(cell);
    image.style.width = `${data.width * scale}px`;
    image.style.height = `${data.height * scale}px`;
    caption.style.maxWidth = `${data.width * scale}px`;
  }
  root.sheet.columns = columns;
}

function widest(nodes) {
  return Math.max(0, ...[...nodes].map((node) => node.offsetWidth));
}

function mark(root, selected) {
  const { data, cells } = root.sheet;
  if (!data.selectable) return;
  if (selected.length && !selected.includes(root.sheet.focus)) root.sheet.focus = selected[0];
  if (root.sheet.focus >= cells.length) root.sheet.focus = 0;
  cells.forEach((cell, index) => {
    cell.setAttribute("aria-pressed", String(selected.includes(index)));
    cell.tabIndex = index === root.sheet.focus ? 0 : -1;
  });
}

// One stop of the tab key for the whole sheet; arrow keys walk inside it.
function moveFocus(root, event) {
  const { cells, columns, data } = root.sheet;
  const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
  if (!data.selectable || !(event.key in steps)) return;
  const next = root.sheet.focus + steps[event.key];
  event.preventDefault();
  if (!cells[next]) return;
  cells[root.sheet.focus].tabIndex = -1;
  cells[next].tabIndex = 0;
  cells[next].focus();
  root.sheet.focus = next;
}
