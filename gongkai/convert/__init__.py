"""转换: what needs the machine: worker processes with limits, LibreOffice, OCR, fonts.

The law (`gongkai.statute`) never sees it; the command and the service use it.
"""
