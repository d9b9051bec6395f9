"""Text of a source cell -> a typed value: dates, amounts, plain text."""
