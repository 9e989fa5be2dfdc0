"""年度报告: the year of an organ as its annual report counts it, each figure with its cases."""
