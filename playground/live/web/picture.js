// One picture on a canvas, enlarged by CSS with hard pixels.

export class Picture {
  constructor(document, text) {
    this.canvas = document.createElement("canvas");
    this.canvas.className = "picture";
    this.canvas.setAttribute("role", "img");
    this.describe(text);
    this.pen = this.canvas.getContext("2d");
  }

  describe(text) {
    this.canvas.setAttribute("aria-label", text);
    this.canvas.title = text;
  }

  // Paints uint8 pixels [height, width, channels].
  paint(pixels, [channels, height, width]) {
    if (this.canvas.width !== width || this.canvas.height !== height || !this.image) {
      this.canvas.width = width;
      this.canvas.height = height;
      this.image = this.pen.createImageData(width, height);
    }
    const shown = this.image.data;
    const green = channels > 1 ? 1 : 0;
    const blue = channels > 1 ? 2 : 0;
    for (let from = 0, to = 0; to < shown.length; from += channels, to += 4) {
      shown[to] = pixels[from];
      shown[to + 1] = pixels[from + green];
      shown[to + 2] = pixels[from + blue];
      shown[to + 3] = 255;
    }
    this.pen.putImageData(this.image, 0, 0);
  }
}

// The largest whole number of screen pixels for a model's pixel that fits.
export function enlarge(canvas, available, [, height, width]) {
  const dense = window.devicePixelRatio || 1;
  const factor = Math.max(1, Math.floor((Math.min(available.width / width, available.height / height)) * dense)) / dense;
  canvas.style.width = `${width * factor}px`;
  canvas.style.height = `${height * factor}px`;
}
