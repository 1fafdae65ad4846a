"""All that knows HTTP: connections to calls (gateway, server), who may ask (admission), pages, API and its document.

app puts them together; paragraph_html, templates and static are what a page is made of.
"""
