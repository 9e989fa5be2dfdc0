"""写出: one module per carrier: a report goes in, the carrier's content comes out."""
