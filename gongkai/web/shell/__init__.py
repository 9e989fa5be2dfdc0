"""外壳: what every page stands on: requests, access, failures, lists, forms, files. Knows no organ."""
