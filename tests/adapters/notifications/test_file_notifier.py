from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.files.whole_file import keep
from adapters.notifications import file_notifier
from adapters.notifications.file_notifier import DigestTakenError, FileNotifier
from domain.papers.mail import Digest
from domain.papers.paper import NumberedPaper
from domain.ports.notifier import Notifier
from tests.adapters.notifications.conftest import MORNING, digest_of, numbered_paper


async def delivered(root: Path, digest: Digest, after: timedelta = timedelta()) -> dict[str, bytes]:
    notifier: Notifier = FileNotifier(root)
    await notifier.deliver(digest, {}, MORNING + after)
    return contents(root)


def contents(root: Path) -> dict[str, bytes]:
    return {file.relative_to(root).as_posix(): file.read_bytes() for file in root.rglob("*") if file.is_file()}


async def test_a_digest_is_a_letter_and_its_data_in_the_addressee_s_folder(tmp_path: Path, digest: Digest) -> None:
    """The files are named by the digest's identity."""
    files = await delivered(tmp_path, digest)

    assert sorted(files) == ["组织部/2018-06-04T090000.json", "组织部/2018-06-04T090000.txt"]
    assert files["组织部/2018-06-04T090000.txt"].decode().startswith("组织部：")
    data = json.loads(files["组织部/2018-06-04T090000.json"])
    assert tuple(NumberedPaper.model_validate(paper) for paper in data["papers"]) == digest.items


async def test_a_digest_delivered_again_changes_nothing(tmp_path: Path, digest: Digest) -> None:
    """The first delivery stands, with its instant, however late the repeat comes."""
    first = await delivered(tmp_path, digest)

    assert await delivered(tmp_path, digest, after=timedelta(hours=3)) == first


async def test_a_letter_without_its_data_is_written_anew(tmp_path: Path, digest: Digest) -> None:
    """A crash between the two files is mended by the repeat."""
    whole = await delivered(tmp_path, digest)
    (tmp_path / "组织部" / "2018-06-04T090000.json").unlink()
    (tmp_path / "组织部" / "2018-06-04T090000.txt").write_bytes(b"")

    assert await delivered(tmp_path, digest) == whole


@pytest.mark.parametrize("torn", [b"", b'{"digest_id": "x', b"\xff\x00"])
async def test_data_that_a_disk_has_torn_is_written_anew(tmp_path: Path, digest: Digest, torn: bytes) -> None:
    """One torn file must not keep an addressee's mail waiting; data of another form is another digest's."""
    whole = await delivered(tmp_path, digest)
    data = tmp_path / "组织部" / "2018-06-04T090000.json"
    data.write_bytes(torn)

    assert await delivered(tmp_path, digest) == whole
    data.write_bytes(b"[1]")
    with pytest.raises(DigestTakenError):
        await delivered(tmp_path, digest)


async def test_the_data_is_written_after_the_letter(
    tmp_path: Path, digest: Digest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The order by which a crash in between is seen."""
    written: list[str] = []

    def noted(file: Path, content: bytes) -> None:
        if file.is_relative_to(tmp_path):  # an engine of other tests may deliver in this process at the same time
            written.append(file.suffix)
        keep(file, content)

    monkeypatch.setattr(file_notifier, "keep", noted)

    await FileNotifier(tmp_path).deliver(digest, {}, MORNING)

    assert written == [".txt", ".json"]


async def test_an_identity_never_stands_for_a_second_digest(tmp_path: Path, digest: Digest) -> None:
    """Other items under the same identity are refused, and what was delivered stays."""
    first = await delivered(tmp_path, digest)

    with pytest.raises(DigestTakenError, match=r"^汇总件 组织部/2018-06-04T090000 已经送达过.*。$"):
        await delivered(tmp_path, digest_of(numbered_paper(9)))

    assert contents(tmp_path) == first


@pytest.mark.parametrize("addressee", ["../组织部", "组织部/秘书", "..", "部" * 80, "a\\b"])
async def test_no_addressee_s_name_leads_out_of_the_outbox(tmp_path: Path, addressee: str) -> None:
    """Whatever a department is called, its mail lies in one folder right under the root."""
    await delivered(tmp_path / "outbox", digest_of(numbered_paper(1, to=addressee), addressee=addressee))

    (folder,) = tmp_path.joinpath("outbox").iterdir()
    assert len(list(folder.iterdir())) == 2
    assert folder.parent == tmp_path / "outbox"
    assert set(contents(tmp_path)) == {f"outbox/{name}" for name in contents(tmp_path / "outbox")}


async def test_two_digests_of_one_day_lie_side_by_side(tmp_path: Path, digest: Digest) -> None:
    """A digest collected by hand at noon does not touch the morning's."""
    await delivered(tmp_path, digest)
    noon = digest.model_copy(update={"digest_id": "组织部/2018-06-04T120000"})

    assert len(await delivered(tmp_path, noon, after=timedelta(hours=3))) == 4
