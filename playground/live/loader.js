// What Streamlit runs: fetches the live canvas's modules from the app itself. Streamlit
// calls it again at every change of data or theme, so it only passes the data on.

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".live");
  const address = `${location.origin}${data.base}/live/web/${data.version}/live.js`;
  const module = import(address);
  module.then(
    ({ show }) => show(root, data, (recipe) => setStateValue("recipe", recipe)),
    (error) => root.replaceChildren(`The live canvas did not load (${error.message}): reload, or use the page Sample.`),
  );
  return () => module.then(({ leave }) => leave(root), () => {});
}
