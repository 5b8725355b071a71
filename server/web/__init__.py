"""What every HTTP answer shares: problems, forms, pages, what is read of a request."""
