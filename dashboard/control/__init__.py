"""The control room's pages: what operators see and press."""
