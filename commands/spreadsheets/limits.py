"""What is too much. Chosen so that the largest accepted file is read in well under 500 MB of memory."""

MAX_FILE_BYTES = 25_000_000
MAX_ROWS = 120_000
MAX_COLUMNS = 500
MAX_CELLS = 2_000_000
MAX_CELL_CHARACTERS = 33_000  # a spreadsheet cell holds 32,767
MAX_DOCUMENT_BYTES = 14_000_000  # of a Word document, whose tree takes 12 to 25 times as much
MAX_PACKING_RATIO = 200  # honest sheets are packed 5 to 30 times, formatted blank ones up to about 100
SMALL_PART_BYTES = 2_000_000  # below this a high ratio is harmless
MAX_PARTS = 3_000
