"""测试: one home (`tests.home`), the fixtures of the service, what may skip (`tests.skips`)."""

pytest_plugins = ["gongkai.web.tests.fixtures", "tests.skips"]
