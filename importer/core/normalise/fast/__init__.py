"""Short cuts by column, all named in `table`: normal forms of most cells at once. Each field is right without them."""
