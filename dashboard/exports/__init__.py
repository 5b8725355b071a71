"""Files of the evening that an office works with: the rundown as a workbook, the host's script as a document."""
