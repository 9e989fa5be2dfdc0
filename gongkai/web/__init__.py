"""服务: the Django service. Apps from low to high: shell, accounts, organs, workbench."""
