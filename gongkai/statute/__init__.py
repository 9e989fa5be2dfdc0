"""条例: the law as a pure library. Bytes and dates come in, values go out."""
