"""测试: what the tests of the service share; not in the wheel."""
