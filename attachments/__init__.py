"""Files as files: looked into by a process of its own, kept, and served to whoever may read what holds them."""
