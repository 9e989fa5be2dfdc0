"""python -m gongkai: the command `gongkai` where only the package is there."""

from gongkai.cli import main

if __name__ == "__main__":
    main()
