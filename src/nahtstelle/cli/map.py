def map_() -> None:
    "x"
