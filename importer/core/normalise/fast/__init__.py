"""Short cuts by column: normal forms of most cells at once. Each field is right without its short cut."""
