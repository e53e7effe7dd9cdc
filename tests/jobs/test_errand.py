"""Errands with real processes."""

import os
import signal
import sys

from processes import wait_for

from playground.jobs.errand import Errand

WAIT = "import os, pathlib, time; pathlib.Path('{pid}').write_text(str(os.getpid())); time.sleep(600)"


def errand(runs, script):
    return Errand(runs, "test", [sys.executable, "-ISc", script])


def test_what_a_command_prints_is_its_answer(runs):
    asked = errand(runs, "print('42')")
    assert (asked.running(), asked.answer(), asked.problem()) == (False, None, "")
    asked.start()
    wait_for(lambda: not asked.running())
    assert (asked.answer(), asked.problem()) == ("42\n", "")


def test_a_command_that_fails_has_its_last_words_as_the_problem(runs):
    asked = errand(runs, "import sys; print('half an answer'); sys.exit('The disk is full.')")
    asked.start()
    wait_for(lambda: not asked.running())
    assert (asked.answer(), asked.problem()) == (None, "The disk is full.")


def test_it_runs_once_however_often_and_by_whomever_it_is_asked_for(runs, tmp_path):
    count = tmp_path / "count"
    script = f"import time; open({str(count)!r}, 'a').write('x'); time.sleep(1)"
    for _ in range(3):
        errand(runs, script).start()
    assert errand(runs, script).running()
    wait_for(lambda: not errand(runs, script).running())
    assert count.read_text() == "x"


def test_one_that_is_killed_counts_as_ended_and_can_be_asked_for_again(runs, tmp_path):
    pid = tmp_path / "pid"
    asked = errand(runs, WAIT.format(pid=pid))
    asked.start()
    os.kill(int(wait_for(lambda: pid.exists() and pid.read_text())), signal.SIGKILL)
    wait_for(lambda: not asked.running())
    assert asked.answer() is None
    assert asked.problem()
    again = errand(runs, "print('done')")
    again.start()
    wait_for(lambda: not again.running())
    assert again.answer() == "done\n"
