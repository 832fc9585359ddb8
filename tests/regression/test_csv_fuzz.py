"""Any bytes: a Dataset, or one line on what is wrong."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.tools.csv_fuzz import answer

cells = st.sampled_from(
    [
        *("", " ", "1", "2.5", "-3e2", "nan", "1,5", "1.234", "1_0", "x", "\0", "é", "#", "sep=;"),
        *('"', '""', '"a\nb"', '"1"', "2020-01-01", "1/2/2020", "Mar 3 2020", "19580329"),
    ]
)
lines = st.lists(cells, max_size=5).flatmap(
    lambda row: st.sampled_from([",", ";", "\t", " ", "|"]).map(lambda mark: mark.join(row))
)
texts = st.lists(lines, max_size=6).flatmap(
    lambda rows: st.sampled_from(["\n", "\r\n", "\r"]).map(lambda end: end.join(rows))
)
encodings = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz") / "data.csv"


@given(content=st.binary(max_size=200))
@example(content=b"")
@example(content=b"\xef\xbb\xbf")
@example(content=b"\xef\xbb")
@example(content=b"\xa0")
def test_any_bytes(path: Path, content: bytes) -> None:
    answer(path, content)


@given(text=texts, encoding=encodings)
def test_texts_like_a_csv(path: Path, text: str, encoding: str) -> None:
    answer(path, text.encode(encoding))
