"""Files that go out: the rundown as a workbook, the host's script as a document, the numbers as flat records."""
