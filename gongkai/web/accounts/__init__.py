"""账号: accounts, signing in, the second factor, sessions, passwords. Knows no organ."""
