"""Lists to print: who stands on them in which columns, how wide the columns are on A4, and the file of each format."""
