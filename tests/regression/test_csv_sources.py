"""Where a CSV may come from: a pipe, standard input, and what is no file of rows at all."""

import gzip
import os
import re
import resource
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from regression import read_csv

TEXT = b"\xef\xbb\xbfa,b\r\n1,2\r\n3,4\r\n"


def test_a_named_pipe_is_read_once(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(TEXT,))
    writer.start()
    data = read_csv(pipe)
    writer.join()
    assert (data.x_name, data.x.tolist()) == ("a", [1.0, 3.0])


def read_standard_input(content: bytes) -> list[str]:
    """Return what a program prints that reads standard input: points, and what came up."""
    code = (
        "import sys\nfrom regression import read_csv\n"
        "for _ in range(2):\n"
        "    try:\n        print(read_csv('-').y.tolist())\n"
        "    except ValueError as error:\n        print(error)\n"
    )
    command = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(command, input=content, capture_output=True, timeout=60, check=True)
    return done.stdout.decode().splitlines()


@pytest.mark.parametrize("content", [TEXT, gzip.compress(TEXT)], ids=["text", "packed"])
def test_standard_input_is_read_and_left_open(content: bytes) -> None:
    points, at_the_end = read_standard_input(content)
    assert points == "[2.0, 4.0]"
    assert at_the_end.startswith("standard input: expected a header and rows of numbers")


def test_a_packed_file_that_is_cut_short(tmp_path: Path) -> None:
    packed = gzip.compress(b"a,b\n" + b"".join(b"%d,%d\n" % (n, n * n) for n in range(9000)))
    path = tmp_path / "a.csv.gz"
    for content in (packed[:-9], packed[:5000], packed[:-8] + 8 * b"x", packed[:300] + 90 * b"x"):
        path.write_bytes(content)
        with pytest.raises(ValueError, match=r"a.csv.gz: the packed file is damaged or cut short"):
            read_csv(path)


def test_a_folder_and_a_file_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError) as caught:
        read_csv(tmp_path)
    assert caught.value.filename == str(tmp_path)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs endless input")
def test_endless_input_without_a_line_is_refused_and_takes_no_memory() -> None:
    code = (
        "from regression import read_csv\n"
        "try:\n    read_csv('/dev/zero')\nexcept ValueError as error:\n    print(error)"
    )
    gigabyte = 10**9

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_DATA, (gigabyte, gigabyte))

    done = subprocess.run(
        [sys.executable, "-c", code],
        preexec_fn=limit,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
    )
    assert done.stdout.startswith("/dev/zero, line 1: found NUL characters; save")


def test_a_file_that_is_cut_and_filled_while_it_is_read(tmp_path: Path) -> None:
    """What comes back is of the file at some time: whole rows, or an error in one line."""
    path = tmp_path / "a.csv"
    text = b"a,b\n" + b"".join(b"%d,7\n" % number for number in range(20_000))
    path.write_bytes(text)
    done = threading.Event()

    def change() -> None:
        while not done.is_set():
            with open(path, "r+b") as file:
                file.truncate(50_001)
                file.write(text)

    def outcome() -> str:
        try:
            return f"y = {set(read_csv(path, 'a', 'b').y.tolist())}"
        except ValueError as error:
            return f"{error}"

    writer = threading.Thread(target=change)
    writer.start()
    outcomes = {outcome() for _ in range(20)}
    done.set()
    writer.join()
    for text_or_error in outcomes - {"y = {7.0}"}:
        assert re.fullmatch(r".*a\.csv(, line \d+)?: .*", text_or_error)


@pytest.mark.slow
@pytest.mark.parametrize("separator", [",", ";"])
def test_a_million_rows_take_at_most_3_s_more_than_numpy(tmp_path: Path, separator: str) -> None:
    points = np.random.default_rng(0).normal(size=(10**6, 2))
    path = tmp_path / "a.csv"
    np.savetxt(path, points, delimiter=separator, header=f"a{separator}b", comments="")
    begin = time.process_time()
    np.loadtxt(path, delimiter=separator, skiprows=1)
    numpy_seconds = time.process_time() - begin
    if separator == ";":
        path.write_text(path.read_text().replace(".", ","))
    begin = time.process_time()
    data = read_csv(path)
    assert time.process_time() - begin < numpy_seconds + 3
    np.testing.assert_array_equal(data.x, points[:, 0])
