"""Render a Django template in a loop (pip install django).

    pymtop examples/django_render.py [ROUNDS]"""

import sys

import django
from django.conf import settings

settings.configure(USE_TZ=False)
django.setup()

from django.template import Context, Engine  # noqa: E402

SOURCE = """<table>{% for order in orders %}
<tr class="{% cycle 'odd' 'even' %}"><td>{{ order.number }}
<td>{{ order.customer|title }}<td>{{ order.total|floatformat:2 }}
{% if order.late %}<td><b>late</b>{% endif %}{% endfor %}</table>"""


def orders(count):
    return [{"number": i, "customer": f"customer {i % 97}",
             "total": i * 1.17, "late": i % 13 == 0} for i in range(count)]


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    template = Engine().from_string(SOURCE)
    context = {"orders": orders(500)}
    pages = [template.render(Context(context)) for _ in range(rounds)]
    print(f"{len(pages)} pages, {sum(map(len, pages))} characters")


main()
