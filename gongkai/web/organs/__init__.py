"""行政机关: the tree of organs through time, people and their roles, who may act for whom."""
