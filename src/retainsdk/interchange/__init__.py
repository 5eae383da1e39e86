"""Books and the files of other systems: every door checks what comes in and names all that is wrong with it."""
