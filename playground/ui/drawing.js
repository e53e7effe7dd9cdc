// A black square to draw on in white. Strokes are kept as points, so that undo
// is exact; the finished picture goes to Python when the pointer lifts.

const SIDE = 280;

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".drawing");
  root.board ??= mount(root, data);
  root.board.send = (png) => setTriggerValue("drawn", { png });
}

function mount(root, data) {
  const canvas = root.querySelector("canvas");
  const width = root.querySelector("input");
  const undo = root.querySelector(".undo");
  const clear = root.querySelector(".clear");
  const board = { strokes: [], ground: null };
  const pen = canvas.getContext("2d");
  canvas.width = canvas.height = SIDE;

  const repaint = () => {
    pen.fillStyle = "#000";
    pen.fillRect(0, 0, SIDE, SIDE);
    if (board.ground) pen.drawImage(board.ground, 0, 0, SIDE, SIDE);
    board.strokes.forEach((stroke) => paint(pen, stroke));
    undo.disabled = !board.strokes.length;
    clear.disabled = !board.strokes.length && !board.ground;
  };
  const commit = () => {
    repaint();
    board.send(board.strokes.length || board.ground ? canvas.toDataURL("image/png") : "");
  };
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * SIDE, ((event.clientY - box.top) / box.height) * SIDE];
  };

  canvas.onpointerdown = (event) => {
    if (event.button !== 0 || board.stroke) return;
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    board.stroke = { width: Number(width.value), points: [place(event)] };
    board.strokes.push(board.stroke);
    repaint();
  };
  canvas.onpointermove = (event) => {
    if (!board.stroke) return;
    for (const part of event.getCoalescedEvents?.() ?? [event]) board.stroke.points.push(place(part));
    repaint();
  };
  canvas.onpointerup = canvas.onpointercancel = () => {
    if (!board.stroke) return;
    board.stroke = null;
    commit();
  };
  undo.onclick = () => {
    board.strokes.pop();
    commit();
  };
  clear.onclick = () => {
    board.strokes = [];
    board.ground = null;
    commit();
  };
  if (data.png) {
    const ground = new Image();
    ground.onload = () => {
      board.ground = ground;
      repaint();
    };
    ground.src = data.png;
  }
  repaint();
  return board;
}

function paint(pen, { width, points }) {
  pen.strokeStyle = pen.fillStyle = "#fff";
  pen.lineWidth = width;
  pen.lineCap = pen.lineJoin = "round";
  pen.beginPath();
  pen.moveTo(...points[0]);
  points.slice(1).forEach((point) => pen.lineTo(...point));
  if (points.length === 1) pen.lineTo(points[0][0] + 0.01, points[0][1]);
  pen.stroke();
}
