"""For all tests: properties are searched without a clock, since speed belongs to the measurements."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile("intake", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("intake")
