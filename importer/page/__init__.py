"""The page in the browser: the whole way of an import on the user's own machine, served to this machine only.

START HERE: web.py starts it, safety.py guards every request, application.py lists the pages; each page is a module.
"""
