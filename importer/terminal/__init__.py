"""What a person sees at a terminal: progress, tables, the summary, and where a bug left its traces."""
