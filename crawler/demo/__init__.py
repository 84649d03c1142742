"""Two bundled sample portals with invented reports, their loopback server, and the walk over them.

`site/<portal>/<path>` holds what each portal serves; `python -m tests.generator.demo_site` wrote it.
"""
