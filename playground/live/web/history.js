// Undo and redo: the states that were committed, and where among them we stand.

const KEPT = 200;

export class History {
  constructor(state) {
    this.states = [JSON.stringify(state)];
    this.place = 0;
  }

  // Remembers a committed state; what was undone before is forgotten. Returns
  // whether it differs from the one before.
  push(state) {
    const text = JSON.stringify(state);
    if (text === this.states[this.place]) return false;
    this.states = [...this.states.slice(0, this.place + 1), text].slice(-KEPT);
    this.place = this.states.length - 1;
    return true;
  }

  get canUndo() {
    return this.place > 0;
  }

  get canRedo() {
    return this.place < this.states.length - 1;
  }

  undo() {
    return this.#go(-1);
  }

  redo() {
    return this.#go(1);
  }

  #go(step) {
    this.place = Math.min(this.states.length - 1, Math.max(0, this.place + step));
    return JSON.parse(this.states[this.place]);
  }
}
