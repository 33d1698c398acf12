"""The composition root of the evidence store: a folder, or a bucket."""

from __future__ import annotations

from adapters.files.secret_file import secret_in
from application.settings import Settings
from domain.errors import InputError
from domain.ports.evidence import EvidenceStore


class NoEvidenceKeyError(InputError, rule="bucket_has_a_key"):
    """A bucket is named, and no key with which it can be reached."""


def evidence_of(settings: Settings) -> EvidenceStore:
    """Where an installation keeps the files that are shown as evidence, and what attests its acts.

    Raises:
        NoEvidenceKeyError: a bucket is named, and its key is not.
        InputError: the key cannot be read.
    """
    if settings.evidence is None:
        from adapters.evidence.folder_evidence import FolderEvidence

        return FolderEvidence(settings.evidence_folder)
    from adapters.evidence.s3_evidence import Bucket, S3Evidence

    endpoint, region = settings.evidence_endpoint, settings.evidence_region
    return S3Evidence(Bucket(settings.evidence, endpoint, region, *_key(settings)))


def _key(settings: Settings) -> tuple[str, str]:
    secret = secret_in(settings.evidence_key_file, "佐证库的密钥文件")
    if settings.evidence_key_id is None or secret is None:
        text = "设置了 DUBAN_EVIDENCE，还须设置 DUBAN_EVIDENCE_KEY_ID 和 DUBAN_EVIDENCE_KEY_FILE。"
        raise NoEvidenceKeyError(text)
    return settings.evidence_key_id, secret
