# SPDX-License-Identifier: MIT
"""a start-up: many modules of the library, sqlglot and django's ORM

The scale does nothing here: modules are imported once."""

import importlib

NEEDS = ("django", "sqlglot")
MODULES = """argparse asyncio ast bz2 calendar cProfile cmd code codecs
collections concurrent.futures configparser contextlib csv ctypes
dataclasses datetime decimal difflib dis doctest email.message email.mime.text
email.parser enum filecmp fractions ftplib functools getpass gettext glob gzip
hashlib heapq hmac html.parser http.client http.cookiejar http.cookies
http.server imaplib inspect io ipaddress itertools json logging.config
logging.handlers lzma mailbox mimetypes multiprocessing.managers
multiprocessing.pool netrc numbers optparse pathlib pdb pickle pickletools
pkgutil platform plistlib poplib pprint profile pydoc queue random re runpy
sched secrets selectors shelve shutil smtplib socketserver sqlite3 ssl
statistics string subprocess symtable tarfile tempfile textwrap timeit trace
tracemalloc typing unittest.mock urllib.request urllib.robotparser
uuid venv wave xml.dom.minidom xml.etree.ElementTree xml.sax xmlrpc.client
xmlrpc.server zipapp zipfile zoneinfo sqlglot sqlglot.optimizer
django.contrib.auth.forms django.db.models django.forms django.http
django.test django.urls django.views.generic django.core.management
django.template.defaultfilters django.middleware.csrf""".split()


def run(scale):
    from django.conf import settings

    settings.configure(USE_TZ=False, INSTALLED_APPS=[
        "django.contrib.contenttypes", "django.contrib.auth",
        "django.contrib.sessions", "django.contrib.admin",
        "django.contrib.messages"])
    import django

    django.setup()
    return [importlib.import_module(name).__name__ for name in MODULES]
