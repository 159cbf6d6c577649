"""What `./dev` is made of: running programs and servers; the standard library only."""
