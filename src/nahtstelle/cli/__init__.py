"""``nahtstelle ...``: the command line. Each command loads what it needs when it runs, and nothing before."""
