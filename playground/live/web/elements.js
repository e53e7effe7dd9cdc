// Small makers of DOM nodes, all of them native controls: keyboard, touch and
// screen readers come with them.

export function make(tag, className, parts = []) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...parts);
  return node;
}

// A button with a Material symbol; `text` is its name, and shown where `shown`.
export function makeButton(symbol, text, onClick, shown = "") {
  const icon = make("span", "icon", [symbol]);
  icon.setAttribute("aria-hidden", "true");
  const button = make("button", shown ? "button" : "button bare", shown ? [icon, shown] : [icon]);
  button.type = "button";
  button.title = text;
  button.setAttribute("aria-label", text);
  button.onclick = onClick;
  return button;
}

// A slider with its name and its value. `onInput` hears every step of a drag;
// a double click on the name goes back to `home`.
export function makeSlider({ label, title, min, max, step, home, onInput, className = "slider" }) {
  const range = make("input");
  Object.assign(range, { type: "range", min, max, step, title: title ?? label });
  range.setAttribute("aria-label", title ?? label);
  const shown = make("output", "value");
  const name = make("span", "name", [label]);
  name.title = "Double-click to go back";
  const node = make("label", className, [name, range, shown]);
  let current; // at each step of a drag the whole panel is set: what stays as it is costs no layout
  const slider = {
    node,
    range,
    set(value) {
      if (Number(value) === current) return;
      current = Number(value);
      range.value = value;
      shown.textContent = current.toFixed(2);
      const [from, to] = [home, Number(range.value)].sort((a, b) => a - b).map((end) => `${(100 * (end - min)) / (max - min)}%`);
      range.style.setProperty("--from", from);
      range.style.setProperty("--to", to);
      node.classList.toggle("moved", current !== home);
    },
  };
  range.oninput = () => {
    slider.set(range.value);
    onInput(Number(range.value));
  };
  name.ondblclick = () => {
    slider.set(home);
    onInput(home);
    range.dispatchEvent(new Event("change", { bubbles: true }));
  };
  slider.set(home);
  return slider;
}

// A choice of a few, as a native select.
export function makeChoice(label, options, onChoose) {
  const select = make("select");
  select.setAttribute("aria-label", label);
  select.title = label;
  for (const [value, text] of options) select.append(new Option(text, value));
  select.onchange = () => onChoose(select.value);
  return select;
}
