"""
What every test can use: see the modules named here, in `tests/house`.

Hypothesis runs under the profile `dev` (quick, new examples each time); `--hypothesis-profile=ci` is thorough and
repeatable, and `--certify` takes the largest samples.
"""

from __future__ import annotations

from hypothesis import settings

pytest_plugins = ("browser", "certificates", "golden", "skips", "telco_table", "untraced")

settings.register_profile("dev", max_examples=40, deadline=None)
settings.register_profile("ci", max_examples=250, deadline=None, derandomize=True)
settings.register_profile("certify", max_examples=3_000, deadline=None)
settings.load_profile("dev")
