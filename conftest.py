"""测试: one temporary home (`tests.home`) and the fixtures of the service for every test."""

pytest_plugins = ["gongkai.web.tests.fixtures"]
