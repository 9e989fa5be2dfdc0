"""命令: one module each."""
