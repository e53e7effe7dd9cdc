// The moment when a visitor asks for another page. Until the server answers, Streamlit
// takes what a component sends for a wish to stay on the old one, and forgets the new.
// So what is still to be told goes first, and from then on nothing goes.

const TELLING_MS = 100; // Streamlit gathers what components send for some 20 ms

// Watches the links to other pages of the app. `tell` is called before one is
// followed, and says whether it sent something; `silence` when the link is on its
// way. Returns how to stop watching.
export function onDeparture(tell, silence) {
  const follow = (event) => {
    const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement && node.href);
    if (!link || !isPlain(event) || !isAnotherPage(link)) return;
    if (tell()) {
      event.preventDefault();
      event.stopImmediatePropagation();
      setTimeout(() => link.click(), TELLING_MS);
    } else silence();
  };
  document.addEventListener("click", follow, { capture: true });
  return () => document.removeEventListener("click", follow, { capture: true });
}

function isPlain(event) {
  return event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
}

function isAnotherPage(link) {
  const opensElsewhere = link.target && link.target !== "_self";
  return !opensElsewhere && !link.download && link.origin === location.origin && link.pathname !== location.pathname;
}
