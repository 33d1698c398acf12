"""The evidence store in S3: `SHA256` under the first two of its characters, created once, never written again."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, BinaryIO, Final, cast

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, NotFoundError, PermissionDeniedError, UnauthenticatedError
from obstore.store import S3Store

from adapters.evidence.measured import ERASED, as_measured, measured, must_be_unchanged, place_of
from domain.errors import LedgerUnavailableError
from domain.evidence import EvidenceFile
from domain.record.ledger_errors import ErasedEvidenceError, NotInLedgerError

if TYPE_CHECKING:
    from obstore import ReadableFile

_AT_ONCE: Final = 5 << 20
"""What goes out in one request, and the size of the parts of what is larger."""
_PARTS: Final = 2
_READ: Final = 1 << 20
_PROBE: Final = "duban-probe"
_WITHIN: Final = timedelta(seconds=60)
_CODE: Final = re.compile(r"<Code>(?P<code>\w{1,60})</Code>")
_NOT_THERE: Final = (FileNotFoundError, NotFoundError)


@dataclass(frozen=True, slots=True)
class Bucket:
    """Where a bucket is and how it is reached."""

    url: str
    endpoint: str | None
    region: str
    key_id: str
    secret: str

    def store(self) -> S3Store:
        """The bucket, below the beginning that its address says."""
        bucket, _, prefix = self.url.removeprefix("s3://").partition("/")
        plain = (self.endpoint or "").startswith("http://")
        return S3Store(
            bucket,
            prefix=prefix or None,
            endpoint=self.endpoint,
            region=self.region,
            access_key_id=self.key_id,
            secret_access_key=self.secret,
            client_options={"allow_http": plain, "timeout": _WITHIN, "connect_timeout": timedelta(seconds=5)},
            retry_config={"max_retries": 2, "retry_timeout": _WITHIN},
        )


class _Reading(io.RawIOBase):
    """A file that is read from a bucket, a range at a time."""

    def __init__(self, file: ReadableFile, reached: Callable[[], AbstractContextManager[None]]) -> None:
        super().__init__()
        self._file, self._reached = file, reached

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # `io` names no type for what it hands over
        with self._reached():
            piece = self._file.read(len(buffer)).to_bytes()
        buffer[: len(piece)] = piece
        return len(piece)


class S3Evidence:
    """Keeps files in a bucket whose server holds to `If-None-Match`: who comes second changes nothing."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket
        self._store = bucket.store()

    async def keep(self, name: str, data: bytes) -> EvidenceFile:
        return await self.take(name, io.BytesIO(data))

    async def take(self, name: str, file: BinaryIO) -> EvidenceFile:
        return await asyncio.to_thread(self._take, name, file)

    def has(self, sha256: str, size: int | None = None) -> bool:
        kept = self._size(place_of(sha256))
        return kept is not None and size in (None, kept)

    def lacking(self, hashes: Iterable[str]) -> list[str]:
        """Those of these hashes under which nothing is kept: the bucket is listed, not asked for each."""
        with self._reached():
            there = {each["path"] for page in obstore.list(self._store) for each in page}
        return [sha256 for sha256 in hashes if place_of(sha256) not in there]

    def read(self, sha256: str) -> bytes:
        with self._found(sha256):
            return obstore.get(self._store, place_of(sha256)).bytes().to_bytes()

    def open(self, sha256: str) -> BinaryIO:
        with self._found(sha256):
            reading = _Reading(obstore.open_reader(self._store, place_of(sha256), buffer_size=_READ), self._reached)
        return cast(BinaryIO, io.BufferedReader(reading, _READ))

    async def erase(self, sha256: str) -> None:
        await asyncio.to_thread(self._erase, sha256)

    def trouble(self) -> str | None:
        """Whether the bucket can be written, keeps what it has, and removes what is erased."""
        try:
            self._create(_PROBE, b"duban")
            if self._create(_PROBE, b"duban"):
                return f"佐证库“{self._bucket.url}”会覆盖已有的文件（不支持 If-None-Match）：请换用支持的对象存储。"
            with self._reached():
                version = obstore.head(self._store, _PROBE)["version"]
        except LedgerUnavailableError as error:
            return error.text
        if version not in (None, "null"):
            return f"佐证库“{self._bucket.url}”开着版本管理，依令删除的佐证仍留有旧版本：请关闭版本管理。"
        return None

    def _take(self, name: str, file: BinaryIO) -> EvidenceFile:
        sha256, size = measured(file)
        described, place = EvidenceFile.named(name, sha256, size), place_of(sha256)
        self._must_not_be_erased(sha256)
        if self._size(place) is not None or not self._written(place, file, described):
            with self.open(sha256) as kept:
                must_be_unchanged(kept, sha256, f"{self._bucket.url}/{place}")
        elif self._size(place + ERASED) is not None:
            # It was erased while it came: what came stays no longer than that.
            with self._reached():
                obstore.delete(self._store, place)
            raise ErasedEvidenceError(sha256=sha256)
        return described

    def _written(self, place: str, file: BinaryIO, described: EvidenceFile) -> bool:
        pieces = as_measured(file, described.sha256)
        if described.size <= _AT_ONCE:
            return self._create(place, b"".join(pieces))
        with self._reached():
            # A server has no condition for parts; two who write at once write the same bytes, which are measured.
            obstore.put(self._store, place, pieces, use_multipart=True, chunk_size=_AT_ONCE, max_concurrency=_PARTS)
        return True

    def _create(self, place: str, data: bytes) -> bool:
        """Write what is not there; whether it was not."""
        with self._reached():
            try:
                obstore.put(self._store, place, data, mode="create", use_multipart=False)
            except AlreadyExistsError:
                return False
        return True

    def _erase(self, sha256: str) -> None:
        place = place_of(sha256)
        # The mark comes first: whatever comes between, nobody keeps the file again.
        self._create(place + ERASED, b"")
        with self._reached():
            obstore.delete(self._store, place)

    def _must_not_be_erased(self, sha256: str) -> None:
        if self._size(place_of(sha256) + ERASED) is not None:
            raise ErasedEvidenceError(sha256=sha256)

    def _size(self, place: str) -> int | None:
        with self._reached():
            try:
                return obstore.head(self._store, place)["size"]
            except _NOT_THERE:
                return None

    @contextmanager
    def _found(self, sha256: str) -> Iterator[None]:
        with self._reached():
            try:
                yield
            except _NOT_THERE as error:
                raise NotInLedgerError(event_id=sha256) from error

    @contextmanager
    def _reached(self) -> Iterator[None]:
        try:
            yield
        except _NOT_THERE as error:
            raise self._unavailable("没有这个存储桶") from error
        except (PermissionDeniedError, UnauthenticatedError) as error:
            raise self._unavailable("不接受这把密钥") from error
        except BaseError as error:
            code = _CODE.search(str(error))
            raise self._unavailable(f"没有正常应答（{code['code'] if code else '连不上'}）") from error

    def _unavailable(self, why: str) -> LedgerUnavailableError:
        url = self._bucket.url
        text = f"佐证库“{url}”{why}：请检查 DUBAN_EVIDENCE 各项设置和对象存储，恢复后再试。"
        return LedgerUnavailableError(text, place=url)
