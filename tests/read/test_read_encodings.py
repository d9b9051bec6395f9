from hypothesis import given
from hypothesis import strategies as st

from importer.read.encodings import is_utf8


@given(st.text(max_size=40), st.integers(1, 7))
def test_utf8_is_recognised_however_the_bytes_are_cut(text, size):
    data = text.replace("\0", "").encode()
    chunks = [data[start : start + size] for start in range(0, len(data), size)]
    if not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        assert is_utf8(chunks)
        assert not is_utf8([*chunks, b"\xe9"])
        assert not is_utf8([*chunks, b"\xff", b"a"])
