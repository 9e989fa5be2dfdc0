"""外壳: what every page stands on: requests, access, failures, lists, forms. Knows no organ."""
