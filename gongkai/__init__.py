"""公开: the law and the practice of open government information in China, as software."""

__version__ = "0.1.0"
