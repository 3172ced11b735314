"""What people want from the record, said in their own words: the command that it stands for."""
