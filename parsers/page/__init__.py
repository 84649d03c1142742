"""What web pages are made of, apart from any site: the article, its facts, its files, and the furniture around it."""
