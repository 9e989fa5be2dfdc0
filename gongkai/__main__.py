"""python -m gongkai: the command `gongkai` where only the package is there."""

import sys

from gongkai.cli import main

if __name__ == "__main__":
    sys.exit(main())
