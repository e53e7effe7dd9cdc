"""A trainer that takes no time: notes that it was started, then does what it was told to."""

import signal
import subprocess
import sys
import time
from pathlib import Path

behaviour, run_dir, starts = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])


def stop(number, frame):
    sys.exit(0)


if behaviour == "wait":
    signal.signal(signal.SIGTERM, stop)
if behaviour == "stubborn":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
if behaviour == "brood":
    run_dir.mkdir()
    (run_dir / "started").write_text(str(subprocess.Popen(["sleep", "60"]).pid))
with starts.open("a") as file:
    file.write(run_dir.name + "\n")
if behaviour == "fail":
    sys.exit("The data set is missing: fetch it.")
(run_dir / "state").mkdir(parents=True, exist_ok=True)
(run_dir / "state" / "resume.pt").touch()
while behaviour in ("wait", "stubborn", "brood"):
    time.sleep(0.02)
checkpoint = run_dir / "checkpoint" / run_dir.name
checkpoint.mkdir(parents=True)
(checkpoint / "card.md").touch()
