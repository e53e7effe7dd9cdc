// The stage: the live picture, the held ones beside it, and what can be done with them.

import { make, makeButton, makeChoice } from "./elements.js";
import { enlarge, Picture } from "./picture.js";

const WISHES = [["auto", "auto"], ["browser", "browser"], ["server", "server"]];
const COUNT_EVERY_MS = 500;

export class Stage {
  // `does`: what the buttons call: undo, redo, reset, hold, play, restore(index), forget(index), choose(wish).
  constructor(does) {
    this.does = does;
    this.picture = new Picture(document, "The live picture");
    this.show = make("div", "show", [this.picture.canvas]);
    this.held = make("div", "held");
    this.say = make("div", "say");
    this.say.setAttribute("role", "status");
    this.buttons = {
      undo: makeButton("undo", "Undo (Z)", does.undo),
      redo: makeButton("redo", "Redo (Y)", does.redo),
      reset: makeButton("restart_alt", "Reset all controls (R)", does.reset),
      hold: makeButton("push_pin", "Hold this picture and go on beside it (H)", does.hold, "Hold"),
      play: makeButton("play_arrow", "A walk that comes back (P)", does.play, "Play"),
      full: makeButton("fullscreen", "Full screen (F)", () => this.toggleFull()),
    };
    const { undo, redo, reset, hold, play, full } = this.buttons;
    this.bar = make("div", "bar", [undo, redo, reset, make("span", "gap"), hold, play, full]);
    this.node = make("div", "stage", [this.#makeBadge(), this.show, this.say, this.held, this.bar]);
    new ResizeObserver(() => this.#arrange()).observe(this.show);
  }

  paint(pixels, shape, text) {
    const isFirst = !this.shape;
    this.shape = shape;
    this.picture.paint(pixels, shape);
    this.picture.describe(text);
    if (isFirst) this.#arrange();
  }

  // Pins pictures: [{pixels, text}], in their order.
  pin(pictures) {
    this.held.replaceChildren(
      ...pictures.map(({ pixels, text }, index) => {
        const small = new Picture(document, text);
        small.paint(pixels, this.shape);
        const back = make("button", "pin", [small.canvas]);
        back.title = `Go back to ${text}`;
        back.onclick = () => this.does.restore(index);
        const away = make("button", "away", ["×"]);
        away.setAttribute("aria-label", `Let go of ${text}`);
        away.onclick = () => this.does.forget(index);
        return make("div", "pin", [back, away]);
      }),
    );
  }

  // Says who draws and how fast, and what is in the way of others; `framesPerSecond` is asked twice a second.
  report(painter, trouble, framesPerSecond) {
    this.badge.classList.toggle("lost", painter === null);
    this.badge.title = Object.values(trouble).join(" ");
    this.who.textContent = painter ?? "nobody";
    clearInterval(this.counting);
    const count = () => {
      const frames = framesPerSecond();
      this.rate.textContent = frames > 1 ? `${frames} fps` : "";
      if (!this.node.isConnected) clearInterval(this.counting);
    };
    this.counting = setInterval(count, COUNT_EVERY_MS);
  }

  playing(isPlaying) {
    const { play } = this.buttons;
    play.querySelector(".icon").textContent = isPlaying ? "pause" : "play_arrow";
    play.lastChild.textContent = isPlaying ? "Pause" : "Play";
    play.setAttribute("aria-pressed", String(isPlaying));
  }

  toggleFull() {
    if (this.node.getRootNode().fullscreenElement) document.exitFullscreen();
    else this.node.requestFullscreen();
  }

  #makeBadge() {
    this.who = make("span", "who");
    this.rate = make("span", "rate");
    this.wish = makeChoice("Who draws: the quicker one, your browser, or the server", WISHES, (wish) => this.does.choose(wish));
    this.badge = make("div", "badge", [this.rate, make("span", "dot"), this.who, this.wish]);
    return this.badge;
  }

  #arrange() {
    if (!this.shape || !this.show.clientWidth) return;
    const room = { width: this.show.clientWidth - 28, height: this.show.clientHeight - 28 };
    enlarge(this.picture.canvas, room, this.shape);
  }
}
