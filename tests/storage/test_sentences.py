"""The sentence encoder keeps to itself."""

import os
import subprocess
import sys
from pathlib import Path


def test_the_encoder_leaves_no_trace_of_telemetry(tmp_path: Path) -> None:
    """onnxruntime writes the session of its events into the temporary folder, where nothing tells it to be quiet."""
    line = "from storage.catalog.sentences import encoder; encoder().vectors(['who patches the firewall?'])"
    quiet = ("CI", "ORT_DISABLE_TELEMETRY", "ORT_RUNNING_UNIT_TESTS")
    environment = {name: value for name, value in os.environ.items() if name not in quiet and "CI_" not in name}
    environment |= {"TMPDIR": str(tmp_path), "HOME": str(tmp_path), "PYTHONPATH": str(Path(__file__).parents[2])}
    subprocess.run([sys.executable, "-c", line], env=environment, cwd=tmp_path, check=True, timeout=60)
    assert list(tmp_path.iterdir()) == []
