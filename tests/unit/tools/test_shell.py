import signal
import subprocess
import sys

import pytest

from tools import shell
from tools.shell import Problem, aligned, call, ended_after, once, private, step


@pytest.fixture(autouse=True)
def own_logs(monkeypatch, tmp_path):
    monkeypatch.setattr(shell, "RUN", tmp_path)


def python(code):
    return [sys.executable, "-c", code]


def test_step_says_what_it_does_and_keeps_the_output_for_a_failure(capsys, tmp_path):
    step("Counting the beds", *python("print('a detail')"))
    shown = capsys.readouterr().out
    assert shown.startswith("• Counting the beds … ")
    assert "a detail" not in shown
    assert (tmp_path / "log" / "counting-the-beds.log").read_text() == "a detail\n"


def test_step_failure_is_one_sentence_with_the_last_line(capsys):
    with pytest.raises(Problem, match=r"^“Counting” failed: no beds") as failed:
        step("Counting", *python("import sys; print('much'); sys.exit('no beds')"))
    assert "\n" not in str(failed.value)
    assert "failed" in capsys.readouterr().out


@pytest.mark.parametrize(
    "said",
    [
        "Failed to establish a new connection: [Errno -3] Temporary failure in name resolution",
        "npm error code ENOTFOUND",
        "Could not resolve 'deb.example.org'",
    ],
)
def test_step_without_network_says_so(said):
    with pytest.raises(Problem, match="needs the network"):
        step("Fetching", *python(f"import sys; sys.exit({said!r})"))


def test_call_returns_the_exit_code():
    assert call(python("import sys; sys.exit(7)")) == 7


def test_once_works_again_only_for_changed_files(tmp_path):
    source, stamp, done = tmp_path / "lock", tmp_path / "stamp", []
    for content in ("1", "1", "2", "2"):
        source.write_text(content)
        once(stamp, [source], lambda: done.append(source.read_text()))
    assert done == ["1", "2"]


def test_once_forgets_work_that_failed(tmp_path):
    source = tmp_path / "lock"
    source.write_text("1")

    def fail():
        raise Problem("no")

    with pytest.raises(Problem):
        once(tmp_path / "stamp", [source], fail)
    assert not (tmp_path / "stamp").exists()


def test_ended_after_ends_what_still_runs():
    process = subprocess.Popen(python("import time; time.sleep(60)"))
    with pytest.raises(KeyboardInterrupt), ended_after(process, signal.SIGTERM):
        raise KeyboardInterrupt
    assert process.returncode == -signal.SIGTERM


def test_private_files_are_for_their_owner(tmp_path):
    path = tmp_path / "secret"
    private(path, "x")
    assert path.stat().st_mode & 0o777 == 0o600


def test_tables_stay_straight_with_chinese_in_them():
    rows = [{"name": "王医生", "place": "县医院"}, {"name": "office", "place": "—"}]
    assert list(aligned(rows)) == ["name    place", "王医生  县医院", "office  —"]


def test_a_table_of_nothing_is_nothing():
    assert list(aligned([])) == []
