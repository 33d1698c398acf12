"""The composition root of the evidence store: a folder, or a bucket."""

from __future__ import annotations

from application.settings import Settings
from domain.errors import InputError
from domain.ports.evidence import EvidenceStore


class NoEvidenceKeyError(InputError, rule="bucket_has_a_key"):
    """A bucket is named, and no key with which it can be reached."""


def evidence_of(settings: Settings) -> EvidenceStore:
    """Where an installation keeps the files that are shown as evidence, and what attests its acts.

    Raises:
        NoEvidenceKeyError: a bucket is named, and its key is not or cannot be read.
    """
    if settings.evidence is None:
        from adapters.evidence.folder_evidence import FolderEvidence

        return FolderEvidence(settings.evidence_folder)
    from adapters.evidence.s3_evidence import Bucket, S3Evidence

    endpoint, region = settings.evidence_endpoint, settings.evidence_region
    return S3Evidence(Bucket(settings.evidence, endpoint, region, *_key(settings)))


def _key(settings: Settings) -> tuple[str, str]:
    file = settings.evidence_key_file
    if settings.evidence_key_id is None or file is None:
        text = "设置了 DUBAN_EVIDENCE，还须设置 DUBAN_EVIDENCE_KEY_ID 和 DUBAN_EVIDENCE_KEY_FILE。"
        raise NoEvidenceKeyError(text)
    try:
        return settings.evidence_key_id, file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise NoEvidenceKeyError(f"佐证库的密钥文件 {file} 读不出来：{error}。", place=str(file)) from error
