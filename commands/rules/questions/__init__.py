"""What the words of a question say by themselves: its day, its item, other names."""
