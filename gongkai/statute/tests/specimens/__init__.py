"""样本报告: random annual reports as data, drawn in every layout the readers must bear.

``figures`` makes the data, ``tables`` the three tables as a form prints them, ``changes`` what
happens to them on the way to a file, and one module per carrier turns the blocks into bytes.
``layouts`` joins them; ``verdict`` says what a reading got wrong. A seed always gives the same
report.
"""
