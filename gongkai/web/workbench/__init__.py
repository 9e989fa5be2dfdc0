"""工作台: what officers and supervisors see that spans apps. Composes, decides nothing."""
