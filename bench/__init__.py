"""速度测量: ``make bench``."""
