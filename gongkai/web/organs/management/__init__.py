"""命令: what is done on the server itself, by `gongkai manage`."""
