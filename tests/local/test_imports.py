"""The bootstrap and the supervisor run before any package is installed."""

import subprocess
import sys

from delight.local.paths import ROOT


def test_delight_local_needs_no_installed_package():
    """-S leaves site-packages out: an import of Django, or of anything installed, would fail."""
    names = [path.stem for path in (ROOT / "delight/local").glob("*.py") if path.stem != "pytest_plugin"]
    code = "import sys; sys.path.insert(0, sys.argv[1])\nfor n in sys.argv[2:]: __import__(f'delight.local.{n}')"
    answer = subprocess.run([sys.executable, "-S", "-c", code, str(ROOT), *names], capture_output=True, check=False)
    assert answer.returncode == 0, answer.stderr.decode()
