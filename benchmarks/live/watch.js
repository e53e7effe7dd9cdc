// Put into a page before its own scripts: notes when a key goes down, when changed
// pixels are painted, what the badge says, and which sockets and workers are open.

(() => {
  const PLAIN = "[data-testid=stImageContainer]";
  const watch = { keydown: 0, dragging: null, frames: [], said: [], sockets: [], workers: new Set() };
  window.watch = watch;
  performance.setResourceTimingBufferSize(2000);

  // A change is painted with the next frame. A message that is posted from that
  // frame's animation callback is read right after the page has been painted.
  const { port1, port2 } = new MessageChannel();
  let isWaiting = false;
  const changed = () => {
    if (isWaiting) return;
    isWaiting = true;
    requestAnimationFrame(() => {
      isWaiting = false;
      port2.postMessage(null);
    });
  };
  port1.onmessage = () => watch.frames.push(performance.now());

  // The live canvas; its small pictures, and frames equal to the one before, do not count.
  const shown = new WeakMap();
  const { putImageData } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.putImageData = function (image, ...place) {
    putImageData.call(this, image, ...place);
    if (this.canvas.parentElement?.className !== "show") return;
    const pixels = new Uint32Array(image.data.buffer);
    const before = shown.get(this.canvas);
    if (before?.length === pixels.length && before.every((pixel, place) => pixel === pixels[place])) return;
    shown.set(this.canvas, pixels.slice());
    changed();
  };

  // A page's image: every other source is another picture, there once it is decoded.
  const sources = new MutationObserver((records) => {
    for (const { target, addedNodes } of records) {
      for (const node of [target, ...addedNodes]) {
        const images = node.matches?.("img") ? [node] : [...(node.querySelectorAll?.("img") ?? [])];
        for (const image of images) if (image.src !== shown.get(image) && image.closest(PLAIN)) look(image);
      }
    }
  });
  const look = (image) => {
    shown.set(image, image.src);
    image.decode().then(changed, () => {});
  };
  sources.observe(document, { subtree: true, childList: true, attributeFilter: ["src"] });

  const words = new MutationObserver(([{ target }]) => {
    const root = target.getRootNode();
    const now = { who: root.querySelector(".badge .who")?.textContent, says: root.querySelector(".say")?.textContent };
    const last = watch.said.at(-1);
    if (now.who !== last?.who || now.says !== last?.says) watch.said.push({ ...now, time: performance.now() });
  });
  const { attachShadow } = Element.prototype;
  Element.prototype.attachShadow = function (options) {
    const root = attachShadow.call(this, options);
    words.observe(root, { subtree: true, childList: true, characterData: true });
    return root;
  };

  addEventListener("keydown", (event) => (watch.keydown = event.timeStamp), true);
  addEventListener("pointerdown", (event) => (watch.dragging = { from: event.timeStamp, moves: 0 }), true);
  addEventListener("pointerup", (event) => (watch.dragging.to = event.timeStamp), true);
  addEventListener(
    "pointermove",
    (event) => {
      if (event.buttons && watch.dragging) watch.dragging.moves += event.getCoalescedEvents().length;
    },
    true,
  );

  window.WebSocket = class extends WebSocket {
    constructor(...where) {
      super(...where);
      if (String(where[0]).includes("/live/socket")) watch.sockets.push(this);
    }
  };
  window.Worker = class extends Worker {
    constructor(...where) {
      super(...where);
      watch.workers.add(this);
    }
    terminate() {
      super.terminate();
      watch.workers.delete(this);
    }
  };
})();
