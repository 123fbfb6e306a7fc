"""The import desk: lists of other people become entries of the register, checked row by row, all of them or none."""
