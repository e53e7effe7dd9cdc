// One Plotly chart that stays. Streamlit's own makes a new one whenever the data
// change, which flickers and loses the reader's zoom; Plotly itself can take new
// data in place.

const CONFIG = { displayModeBar: false, responsive: true };

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".curves");
  root.setAttribute("role", "img");
  root.setAttribute("aria-label", data.alt);
  root.figure = JSON.parse(data.figure);
  root.style.minHeight = `${root.figure.layout.height}px`; // nothing moves when the curves come
  library(data.plotly).then(
    (Plotly) => draw(root, Plotly),
    () => (root.textContent = "The curves cannot be drawn: reload the page."),
  );
}

function draw(root, Plotly) {
  Plotly.react(root, root.figure.data, root.figure.layout, CONFIG);
  root.observer ??= observe(root, Plotly);
}

// The page's width changes without the window's: its sidebar opens and closes.
function observe(root, Plotly) {
  let { clientWidth } = root;
  const observer = new ResizeObserver(() => {
    if (root.clientWidth === clientWidth || !root.clientWidth) return;
    ({ clientWidth } = root);
    Plotly.Plots.resize(root);
  });
  observer.observe(root);
  return observer;
}

// Loaded once a tab, whichever chart asks first.
function library(address) {
  globalThis.playgroundPlotly ??= new Promise((loaded, failed) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => loaded(globalThis.Plotly);
    script.onerror = () => {
      delete globalThis.playgroundPlotly;
      failed();
    };
    document.head.append(script);
  });
  return globalThis.playgroundPlotly;
}
